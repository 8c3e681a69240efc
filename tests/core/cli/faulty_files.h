// A disk that fails on demand, and a folder for each test. Not a mock: what
// does not fail goes to the real disk.

#ifndef UNNOISE_TESTS_CORE_CLI_FAULTY_FILES_H_
#define UNNOISE_TESTS_CORE_CLI_FAULTY_FILES_H_

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "core/cli/files.h"

namespace unnoise {

// Fails calls that change something, counted from 0. A failing write leaves
// half of its bytes.
class FaultyFiles final : public FileSystem {
 public:
  static constexpr int kNever = std::numeric_limits<int>::max();

  int first_failure = kNever;
  int last_failure = kNever;  // kNever: as if the power had gone
  int error = ENOSPC;
  int calls = 0;
  // What some disks cannot do.
  bool exchanges = true;
  bool locks = true;
  std::function<void(int call)> before_call;

  // One failure at call k.
  void FailAt(int k, int with) {
    calls = 0;
    first_failure = last_failure = k;
    error = with;
  }
  // Nothing reaches the disk from call k on.
  void StopAt(int k) {
    calls = 0;
    first_failure = k;
    last_failure = kNever;
    error = EIO;
  }

  int Status(const std::string& path, FileStatus& status) override {
    return real_.Status(path, status);
  }
  int Read(const std::string& path, int64_t limit,
           std::string& bytes) override {
    return real_.Read(path, limit, bytes);
  }
  int ReadPart(const std::string& path, int64_t offset, int64_t size,
               std::string& bytes) override {
    return real_.ReadPart(path, offset, size, bytes);
  }
  int List(const std::string& path, std::vector<std::string>& names) override {
    return real_.List(path, names);
  }
  int Resolve(const std::string& path, std::string& place) override {
    return real_.Resolve(path, place);
  }
  int Write(const std::string& path, std::string_view bytes) override {
    if (!Fails()) return real_.Write(path, bytes);
    if (!Stopped()) real_.Write(path, bytes.substr(0, bytes.size() / 2));
    return error;
  }
  int Append(const std::string& path, std::string_view bytes) override {
    if (!Fails()) return real_.Append(path, bytes);
    if (!Stopped()) real_.Append(path, bytes.substr(0, bytes.size() / 2));
    return error;
  }
  int Truncate(const std::string& path, int64_t size) override {
    return Fails() ? error : real_.Truncate(path, size);
  }
  // Tests need no patience: what is in the page cache is there for them.
  int Sync(const std::string&) override { return Fails() ? error : 0; }
  int MakeFolder(const std::string& path) override {
    return Fails() ? error : real_.MakeFolder(path);
  }
  int Rename(const std::string& from, const std::string& to) override {
    return Fails() ? error : real_.Rename(from, to);
  }
  int Exchange(const std::string& one, const std::string& other) override {
    if (!exchanges) return ENOSYS;
    return Fails() ? error : real_.Exchange(one, other);
  }
  int Remove(const std::string& path) override {
    return Fails() ? error : real_.Remove(path);
  }
  int Lock(const std::string& path, int& handle) override {
    if (!locks) return ENOTSUP;
    return Fails() ? error : real_.Lock(path, handle);
  }
  // Cannot fail: what it cannot remove stays.
  void Unlock(const std::string& path, int handle) override {
    real_.Unlock(path, handle);
  }

 private:
  bool Fails() {
    const int call = calls++;
    if (before_call) before_call(call);
    return call >= first_failure && call <= last_failure;
  }
  // After the first of endless failures.
  bool Stopped() const {
    return last_failure == kNever && calls - 1 > first_failure;
  }

  FileSystem& real_ = PosixFiles();
};

// A fresh folder, removed with everything in it.
class Scratch {
 public:
  Scratch() {
    std::string name = testing::TempDir() + "unnoise-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const {
    return path_ + "/" + name;
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace unnoise

#endif  // UNNOISE_TESTS_CORE_CLI_FAULTY_FILES_H_
