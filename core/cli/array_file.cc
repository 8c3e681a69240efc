#include "core/cli/array_file.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "core/base/nearest.h"
#include "core/cli/command.h"

namespace unnoise {
namespace {

constexpr int64_t kMaxNpzBytes = int64_t{2} << 30;

// Nine digits tell every float32 from its neighbours.
void AppendNumber(double value, std::string& text) {
  char buffer[32];
  const int length = std::snprintf(buffer, sizeof buffer, "%.9g", value);
  text.append(buffer, static_cast<size_t>(length));
}

void CheckSize(const std::string& path, std::span<const int64_t> shape,
               NpyType type) {
  int64_t left = kMaxNpzBytes / SizeOf(type);
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

std::optional<std::string> DescriptionPath(const std::string& path) {
  if (FormatOf(path) != ArrayFormat::kNpy) return std::nullopt;
  constexpr std::string_view kSuffix = ".npy";
  std::string stem = path;
  if (stem.ends_with(kSuffix)) stem.resize(stem.size() - kSuffix.size());
  return stem + ".json";
}

NpyType TypeOfOption(const std::optional<std::string>& dtype,
                     std::string_view path, Problems& problems) {
  if (!dtype) return NpyType::kFloat32;
  constexpr std::string_view kNames[] = {"float32", "float64", "float16"};
  constexpr NpyType kTypes[] = {NpyType::kFloat32, NpyType::kFloat64,
                                NpyType::kFloat16};
  const auto found = std::find(std::begin(kNames), std::end(kNames), *dtype);
  if (found == std::end(kNames)) {
    problems.push_back(
        {"--dtype", "there is no such type; " + Suggestion(*dtype, kNames)});
    return NpyType::kFloat32;
  }
  const ArrayFormat format = FormatOf(path);
  if (format == ArrayFormat::kCsv || format == ArrayFormat::kTsv) {
    problems.push_back(
        {"--dtype", "the numbers in " + std::string(path) +
                        " are text, which has no type; give a name that "
                        "ends in .npy, or leave this out."});
  }
  return kTypes[found - kNames];
}

std::string TypedBytes(std::span<const float> values, NpyType type) {
  std::string bytes;
  if (!AppendNumbers(values, type, bytes)) {
    throw Failure{kExitUsage,
                  {{"--dtype",
                    "a number is beyond what float16 can hold (65504); give "
                    "float32. Nothing was written."}}};
  }
  return bytes;
}

ArrayFile::ArrayFile(FileSystem& files, const std::string& path,
                     std::string_view name, std::vector<int64_t> shape,
                     std::vector<std::string_view> lead, NpyType type)
    : file_(files, path),
      format_(FormatOf(path)),
      type_(type),
      columns_(static_cast<size_t>(shape.back())),
      lead_columns_(lead.size()) {
  if (format_ == ArrayFormat::kNpz) {
    CheckSize(path, shape, type);
    entries_.push_back({std::string(name) + ".npy", NpyHeader(shape, type)});
    return;
  }
  if (format_ == ArrayFormat::kNpy) {
    file_.Append(NpyHeader(shape, type));
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
  if (format_ == ArrayFormat::kNpy) {
    return file_.Append(TypedBytes(values, type_));
  }
  if (format_ == ArrayFormat::kNpz) {
    entries_[0].bytes += TypedBytes(values, type_);
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
  entries_.push_back(
      {std::string(name) + ".npy",
       NpyHeader(shape) + TypedBytes(values, NpyType::kFloat32)});
}

void ArrayFile::Commit() {
  if (format_ == ArrayFormat::kNpz) file_.Append(WriteZip(entries_));
  file_.Commit();
}

}  // namespace unnoise
