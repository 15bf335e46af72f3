#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <string>

#include "engine/api/calls.hpp"
#include "engine/api/dovetail.h"

struct dovetail_runtime {
  std::unique_ptr<dovetail::Runtime> runtime;
  pid_t owner = 0;  // whose threads and locks they are: a forked child has neither

  bool is_ours() const { return owner == ::getpid(); }
};

namespace {

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
      return refuse(answer, {.kind = dovetail::Error::Kind::transient, .what = thrown.what()});
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
    *runtime = new dovetail_runtime{std::move(*opened), ::getpid()};
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
    if (!runtime->is_ours()) {
      return refuse(answer, {.kind = dovetail::Error::Kind::input,
                             .what = "this runtime was opened by another process: a forked child opens its own"});
    }
    const dovetail::Answered done = dovetail::answer(*runtime->runtime, request);
    give(answer, done.json);
    return static_cast<int>(done.kind);
  });
}

void dovetail_close(dovetail_runtime* runtime) {
  if (runtime != nullptr && runtime->is_ours()) delete runtime;
}

void dovetail_free(char* text) { std::free(text); }

}  // extern "C"
