#include "core/cli/array_file.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "core/cli/command.h"
#include "core/data/npy.h"

namespace unnoise {
namespace {

constexpr int64_t kMaxNpzBytes = int64_t{2} << 30;

std::string_view AsBytes(std::span<const float> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

// Nine digits tell every float32 from its neighbours.
void AppendNumber(double value, std::string& text) {
  char buffer[32];
  const int length = std::snprintf(buffer, sizeof buffer, "%.9g", value);
  text.append(buffer, static_cast<size_t>(length));
}

void CheckSize(const std::string& path, std::span<const int64_t> shape) {
  int64_t left = kMaxNpzBytes / static_cast<int64_t>(sizeof(float));
  for (const int64_t extent : shape) left /= std::max<int64_t>(1, extent);
  if (left > 0) return;
  throw Failure{kExitUsage,
                {{path,
                  "an array of more than 2 GiB does not go into an NPZ file; "
                  "give a name that ends in .npy."}}};
}

}  // namespace

ArrayFormat FormatOf(std::string_view path) {
  return path.ends_with(".npz")   ? ArrayFormat::kNpz
         : path.ends_with(".csv") ? ArrayFormat::kCsv
         : path.ends_with(".tsv") ? ArrayFormat::kTsv
                                  : ArrayFormat::kNpy;
}

ArrayFile::ArrayFile(FileSystem& files, const std::string& path,
                     std::string_view name, std::vector<int64_t> shape,
                     std::vector<std::string_view> lead)
    : file_(files, path),
      format_(FormatOf(path)),
      columns_(static_cast<size_t>(shape.back())),
      lead_columns_(lead.size()) {
  if (format_ == ArrayFormat::kNpz) {
    CheckSize(path, shape);
    entries_.push_back({std::string(name) + ".npy", NpyHeader(shape)});
    return;
  }
  if (format_ == ArrayFormat::kNpy) {
    file_.Append(NpyHeader(shape));
    return;
  }
  std::string line;
  for (const std::string_view column : lead) {
    line += column;
    line += separator();
  }
  for (size_t i = 0; i < columns_; ++i) {
    line += 'x' + std::to_string(i);
    line += i + 1 < columns_ ? separator() : '\n';
  }
  file_.Append(line);
}

void ArrayFile::Append(std::span<const float> values,
                       std::span<const double> lead) {
  if (format_ == ArrayFormat::kNpy) return file_.Append(AsBytes(values));
  if (format_ == ArrayFormat::kNpz) {
    entries_[0].bytes += AsBytes(values);
    return;
  }
  std::string text;
  for (size_t i = 0; i < values.size(); ++i) {
    const size_t column = i % columns_;
    if (column == 0) {
      const size_t first = i / columns_ * lead_columns_;
      for (size_t j = first; j < first + lead_columns_; ++j) {
        AppendNumber(lead[j], text);
        text += separator();
      }
    }
    AppendNumber(double{values[i]}, text);
    text += column + 1 < columns_ ? separator() : '\n';
  }
  file_.Append(text);
}

void ArrayFile::AddArray(std::string_view name, std::span<const float> values) {
  if (format_ != ArrayFormat::kNpz) return;
  const int64_t shape[] = {static_cast<int64_t>(values.size())};
  entries_.push_back({std::string(name) + ".npy",
                      NpyHeader(shape) + std::string(AsBytes(values))});
}

void ArrayFile::Commit() {
  if (format_ == ArrayFormat::kNpz) file_.Append(WriteZip(entries_));
  file_.Commit();
}

}  // namespace unnoise
