// Runs the built programs, and folders for what they read and write.
#pragma once
#include "tests/places.hpp"

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/golden.hpp"

namespace dovetail::test {

struct Ran {
  int exit = -1;
  std::string out;  // with standard error, in the order of writing
};

// `command` as for a shell, with the programs by their names and the source tree as current folder.
inline Ran run(const std::string& command) {
  const std::string line =
      "cd '" DOVETAIL_SOURCE_DIR "' && PATH='" DOVETAIL_BINARY_DIR "/bin':$PATH " + command + " 2>&1";
  Ran ran;
  std::FILE* pipe = ::popen(line.c_str(), "r");
  std::array<char, 4096> buffer{};
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe))
    ran.out.append(buffer.data(), count);
  ran.exit = WEXITSTATUS(::pclose(pipe));
  return ran;
}

// A new one each time, so that tests may run side by side; gone when it goes out of scope.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "dovetail-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::string read(const std::string& name) const { return read_text(path_ / name); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct Answer {
  int exit = -1;
  std::string out, err;
};

// As run(), with `input` as standard input, and the two streams apart.
inline Answer answer(const std::string& command, const std::string& input = {}) {
  const Folder scratch;
  scratch.write("in", input);
  const std::string line = "cd '" DOVETAIL_SOURCE_DIR "' && export PATH='" DOVETAIL_BINARY_DIR "/bin':$PATH && ( " +
                           command + " ) <" + scratch.file("in") + " >" + scratch.file("out") + " 2>" +
                           scratch.file("err");
  const int status = std::system(line.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, scratch.read("out"), scratch.read("err")};
}

}  // namespace dovetail::test
