// Results as files, in the format that the name asks for: .npz, .csv, .tsv, and
// NPY for every other name. Knows nothing of what the numbers mean.

#ifndef UNNOISE_CLI_ARRAY_FILE_H_
#define UNNOISE_CLI_ARRAY_FILE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/problem.h"
#include "core/cli/files.h"
#include "core/data/npy.h"
#include "core/data/zip.h"

namespace unnoise {

enum class ArrayFormat { kNpy, kNpz, kCsv, kTsv };

ArrayFormat FormatOf(std::string_view path);

// Where the description of an array stands that cannot hold it itself:
// "a/b.npy" -> "a/b.json"; none where the file has room for it.
std::optional<std::string> DescriptionPath(const std::string& path);

// The type that --dtype names, float32 if it is not given, of an array at
// `path`. Adds a problem: no such type; text, which has none.
NpyType TypeOfOption(const std::optional<std::string>& dtype,
                     std::string_view path, Problems& problems);

// Numbers as the bytes of an array of that type. Throws Failure: beyond
// float16.
std::string TypedBytes(std::span<const float> values, NpyType type);

// An array [..., columns] that comes in pieces. The file appears whole,
// with Commit, or not at all.
class ArrayFile {
 public:
  // `shape` is that of the whole; `name` is the array's in an NPZ file. As text
  // each row may begin with further columns, named by `lead`. Throws Failure: a
  // bad place; an array beyond 2 GiB as NPZ, which is made in memory.
  ArrayFile(FileSystem& files, const std::string& path, std::string_view name,
            std::vector<int64_t> shape, std::vector<std::string_view> lead = {},
            NpyType type = NpyType::kFloat32);

  // More rows; `lead` [rows, lead columns], used in text only. Throws Failure:
  // beyond float16.
  void Append(std::span<const float> values, std::span<const double> lead = {});
  // Another array [count], float32, beside this one; used in an NPZ only.
  void AddArray(std::string_view name, std::span<const float> values);
  void Commit();

 private:
  char separator() const { return format_ == ArrayFormat::kCsv ? ',' : '\t'; }

  AtomicFile file_;
  ArrayFormat format_;
  NpyType type_;
  size_t columns_;
  size_t lead_columns_;
  std::vector<ZipEntry> entries_;  // of an NPZ, the array itself first
};

}  // namespace unnoise

#endif  // UNNOISE_CLI_ARRAY_FILE_H_
