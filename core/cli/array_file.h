// Results as files, in the format that the name asks for: .npz, .csv, .tsv, and
// NPY for every other name. Knows nothing of what the numbers mean.

#ifndef UNNOISE_CLI_ARRAY_FILE_H_
#define UNNOISE_CLI_ARRAY_FILE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/cli/files.h"
#include "core/data/zip.h"

namespace unnoise {

enum class ArrayFormat { kNpy, kNpz, kCsv, kTsv };

ArrayFormat FormatOf(std::string_view path);

// A float32 array [..., columns] that comes in pieces. The file appears whole,
// with Commit, or not at all.
class ArrayFile {
 public:
  // `shape` is that of the whole; `name` is the array's in an NPZ file. As text
  // each row may begin with further columns, named by `lead`. Throws Failure: a
  // bad place; an array beyond 2 GiB as NPZ, which is made in memory.
  ArrayFile(FileSystem& files, const std::string& path, std::string_view name,
            std::vector<int64_t> shape,
            std::vector<std::string_view> lead = {});

  // More rows; `lead` [rows, lead columns], used in text only.
  void Append(std::span<const float> values, std::span<const double> lead = {});
  // Another array [count], beside this one; used in an NPZ only.
  void AddArray(std::string_view name, std::span<const float> values);
  void Commit();

 private:
  char separator() const { return format_ == ArrayFormat::kCsv ? ',' : '\t'; }

  AtomicFile file_;
  ArrayFormat format_;
  size_t columns_;
  size_t lead_columns_;
  std::vector<ZipEntry> entries_;  // of an NPZ, the array itself first
};

}  // namespace unnoise

#endif  // UNNOISE_CLI_ARRAY_FILE_H_
