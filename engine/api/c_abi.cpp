#include <pthread.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <string>

#include "engine/api/calls.hpp"
#include "engine/api/dovetail.h"
#include "engine/system_error.hpp"

namespace {

struct OpenRuntime {
  std::unique_ptr<dovetail::Runtime> runtime;
  pid_t owner = 0;  // whose threads and locks they are: a forked child has neither
  std::size_t calls = 0;
  bool is_closing = false;

  bool is_ours() const { return owner == ::getpid(); }
};

// A handle is a number that is given once and never followed as a pointer, so that a closed one can be told for ever.
class Handles {
 public:
  // Lives as long as the process: calls may be under way in other threads when it ends.
  static Handles& all() {
    static Handles& handles = *new Handles;
    return handles;
  }

  dovetail_runtime* add(std::unique_ptr<dovetail::Runtime> runtime) {
    const std::lock_guard lock(mutex_);
    open_[++last_] = {.runtime = std::move(runtime), .owner = ::getpid()};
    return reinterpret_cast<dovetail_runtime*>(last_);  // NOLINT(performance-no-int-to-ptr)
  }

  // To be left again. The Error says why it cannot be called.
  dovetail::Result<OpenRuntime*> enter(dovetail_runtime* handle) {
    const std::lock_guard lock(mutex_);
    const auto refuse = [](std::string what) {
      return std::unexpected(dovetail::Error{.kind = dovetail::Error::Kind::input, .what = std::move(what)});
    };
    const auto found = open_.find(number(handle));
    if (found == open_.end()) return refuse("this runtime is closed, or was never opened");
    OpenRuntime& of = found->second;
    if (!of.is_ours()) return refuse("this runtime was opened by another process: a forked child opens its own");
    if (of.is_closing) return refuse("this runtime is being closed");
    ++of.calls;
    return &of;
  }

  void leave(OpenRuntime& of) {
    const std::lock_guard lock(mutex_);
    if (--of.calls == 0) changed_.notify_all();
  }

  void close(dovetail_runtime* handle) {
    std::unique_lock lock(mutex_);
    const auto found = open_.find(number(handle));
    if (found == open_.end() || !found->second.is_ours()) return;
    OpenRuntime& of = found->second;
    if (of.is_closing) {  // by another thread: gone when this returns, too
      changed_.wait(lock, [&] { return !open_.contains(number(handle)); });
      return;
    }
    of.is_closing = true;
    changed_.wait(lock, [&] { return of.calls == 0; });
    lock.unlock();
    of.runtime.reset();
    lock.lock();
    open_.erase(number(handle));
    changed_.notify_all();
  }

 private:
  // A child that is forked while another thread is in here must find the lock free, and nobody waiting.
  Handles() {
    ::pthread_atfork([] { all().mutex_.lock(); }, [] { all().mutex_.unlock(); },
                     [] {
                       std::construct_at(&all().changed_);
                       all().mutex_.unlock();
                     });
  }

  static std::uintptr_t number(dovetail_runtime* handle) { return reinterpret_cast<std::uintptr_t>(handle); }

  std::mutex mutex_;  // of everything below
  std::condition_variable changed_;
  std::uintptr_t last_ = 0;
  std::map<std::uintptr_t, OpenRuntime> open_;
};

// A call that is under way.
class Inside {
 public:
  explicit Inside(OpenRuntime& of) : of_(of) {}
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
  ~Inside() { Handles::all().leave(of_); }

 private:
  OpenRuntime& of_;
};

void give(char** answer, const std::string& text) {
  if (answer == nullptr) return;
  *answer = static_cast<char*>(std::malloc(text.size() + 1));
  if (*answer != nullptr) std::memcpy(*answer, text.c_str(), text.size() + 1);
}

int refuse(char** answer, const dovetail::Error& error) {
  give(answer, dovetail::error_json(error));
  return DOVETAIL_FAILED;
}

// No exception may leave: memory that is used up, or a mistake of ours, becomes an answer.
template <typename Work>
int guarded(char** answer, Work work) noexcept {
  try {
    return work();
  } catch (const std::exception& thrown) {
    try {
      return refuse(answer, {.kind = dovetail::Error::Kind::transient,
                             .what = dovetail::what_is_lacking(thrown).value_or(thrown.what())});
    } catch (...) {
      return DOVETAIL_FAILED;
    }
  } catch (...) {
    return DOVETAIL_FAILED;
  }
}

}  // namespace

extern "C" {

const char* dovetail_version(void) { return DOVETAIL_VERSION; }

int dovetail_abi(void) { return DOVETAIL_ABI; }

int dovetail_open(const char* options, dovetail_runtime** runtime, char** answer) {
  if (answer != nullptr) *answer = nullptr;
  if (runtime != nullptr) *runtime = nullptr;
  return guarded(answer, [&] {
    if (options == nullptr || runtime == nullptr) {
      return refuse(answer, {.kind = dovetail::Error::Kind::input, .what = "options or runtime is NULL"});
    }
    const auto read = dovetail::read_options(options);
    if (!read) return refuse(answer, read.error());
    auto opened = dovetail::Runtime::open(*read);
    if (!opened) return refuse(answer, opened.error());
    *runtime = Handles::all().add(std::move(*opened));
    give(answer, "{}");
    return static_cast<int>(DOVETAIL_OK);
  });
}

int dovetail_call(dovetail_runtime* runtime, const char* request, char** answer) {
  if (answer != nullptr) *answer = nullptr;
  return guarded(answer, [&] {
    if (runtime == nullptr || request == nullptr) {
      return refuse(answer, {.kind = dovetail::Error::Kind::input, .what = "runtime or request is NULL"});
    }
    const dovetail::Result<OpenRuntime*> of = Handles::all().enter(runtime);
    if (!of) return refuse(answer, of.error());
    const Inside inside(**of);
    const dovetail::Answered done = dovetail::answer(*(*of)->runtime, request);
    give(answer, done.json);
    return static_cast<int>(done.kind);
  });
}

void dovetail_close(dovetail_runtime* runtime) { Handles::all().close(runtime); }

void dovetail_free(char* text) { std::free(text); }

}  // extern "C"
