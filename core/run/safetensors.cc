// Reading and writing the safetensors container. Reading trusts nothing: every
// length is held against the bytes that are there before it is used, and
// tensors stay views into them, so a file cannot make memory grow.

#include "core/run/safetensors.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "core/base/check.h"
#include "core/base/json.h"

namespace unnoise {
namespace {

// Room for an experiment and its metrics.
constexpr uint64_t kMaxHeaderBytes = uint64_t{16} << 20;
constexpr size_t kLengthBytes = 8;
constexpr size_t kHeaderAlignment = 8;  // so that the numbers can be mapped
constexpr char kMetadataKey[] = "__metadata__";

// By NumberType.
struct TypeRow {
  char name[5];
  NumberFormat format;
};
constexpr TypeRow kTypes[] = {
    {"F64", {NumberKind::kFloat, 8}},    {"F32", {NumberKind::kFloat, 4}},
    {"F16", {NumberKind::kFloat, 2}},    {"BF16", {NumberKind::kBfloat, 2}},
    {"I64", {NumberKind::kSigned, 8}},   {"I32", {NumberKind::kSigned, 4}},
    {"I16", {NumberKind::kSigned, 2}},   {"I8", {NumberKind::kSigned, 1}},
    {"U64", {NumberKind::kUnsigned, 8}}, {"U32", {NumberKind::kUnsigned, 4}},
    {"U16", {NumberKind::kUnsigned, 2}}, {"U8", {NumberKind::kUnsigned, 1}},
    {"BOOL", {NumberKind::kUnsigned, 1}}};

std::optional<NumberType> TypeNamed(const Json* json) {
  const std::string* name = json ? json->AsString() : nullptr;
  for (size_t i = 0; name && i < std::size(kTypes); ++i) {
    if (*name == kTypes[i].name) return static_cast<NumberType>(i);
  }
  return std::nullopt;
}

static_assert(std::endian::native == std::endian::little,
              "numbers are copied as they lie in memory");

uint64_t ReadLength(std::string_view bytes) {
  uint64_t length = 0;
  for (size_t i = 0; i < kLengthBytes; ++i) {
    length |= uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  return length;
}

// A whole number in [0, limit].
std::optional<uint64_t> WholeNumber(const Json& json, uint64_t limit) {
  const double* number = json.AsNumber();
  if (!number || !(*number >= 0) || *number > static_cast<double>(limit) ||
      *number != std::floor(*number)) {
    return std::nullopt;
  }
  return static_cast<uint64_t>(*number);
}

// The shape of a tensor with at most `max_size` elements.
std::optional<Shape> ShapeOf(const Json* json, uint64_t max_size) {
  const Json::Array* extents = json ? json->AsArray() : nullptr;
  if (!extents || extents->size() > Shape::kMaxRank) return std::nullopt;
  int64_t e[Shape::kMaxRank] = {};
  uint64_t size = 1;
  for (size_t axis = 0; axis < extents->size(); ++axis) {
    const auto extent = WholeNumber((*extents)[axis], max_size);
    // Every product on the way is bounded, so that none can overflow.
    if (!extent || (*extent > 0 && size > max_size / *extent)) {
      return std::nullopt;
    }
    size *= *extent;
    e[axis] = static_cast<int64_t>(*extent);
  }
  switch (extents->size()) {
    case 0:
      return Shape{};
    case 1:
      return Shape{e[0]};
    case 2:
      return Shape{e[0], e[1]};
    case 3:
      return Shape{e[0], e[1], e[2]};
    default:
      return Shape{e[0], e[1], e[2], e[3]};
  }
}

// Where a tensor lies in the part of the file that holds numbers.
struct Extent {
  uint64_t begin;
  uint64_t end;
};

std::optional<Extent> ExtentOf(const Json* json, uint64_t size) {
  const Json::Array* offsets = json ? json->AsArray() : nullptr;
  if (!offsets || offsets->size() != 2) return std::nullopt;
  const auto begin = WholeNumber((*offsets)[0], size);
  const auto end = WholeNumber((*offsets)[1], size);
  if (!begin || !end || *begin > *end) return std::nullopt;
  return Extent{*begin, *end};
}

class Reader {
 public:
  explicit Reader(std::string_view where) : where_(where) {}

  Result<SafetensorsFile> Read(std::string_view bytes) {
    if (bytes.size() < kLengthBytes) {
      return Damaged("it ends before its header does");
    }
    const uint64_t length = ReadLength(bytes);
    bytes.remove_prefix(kLengthBytes);
    if (length > kMaxHeaderBytes) {
      return Damaged("its header claims " + std::to_string(length) + " bytes");
    }
    if (length > bytes.size()) return Damaged("it ends before its header does");
    Result<Json> header = ParseJson(bytes.substr(0, length), where_);
    if (!header.ok()) {
      return Damaged("its header: " + header.problems().front().message);
    }
    if (!header->AsObject()) return Damaged("its header is not a JSON object");
    numbers_ = bytes.substr(length);

    for (const auto& [name, entry] : *header->AsObject()) {
      const Json* dtype = entry.Find("dtype");
      if (dtype && dtype->AsString() && !TypeNamed(dtype)) {
        return Problem{where_, "the numbers of " + QuotedName(name) +
                                   " are of type " +
                                   QuotedName(*dtype->AsString()) +
                                   ", which this program does not read; "
                                   "convert them to F32."};
      }
      const std::string error =
          name == kMetadataKey ? ReadMetadata(entry) : ReadTensor(name, entry);
      if (!error.empty()) return Damaged(error);
    }
    const std::string error = CheckCover();
    if (!error.empty()) return Damaged(error);
    return std::move(file_);
  }

 private:
  Problem Damaged(std::string_view what) const {
    return {where_, "this is not a whole safetensors file (" +
                        std::string(what) +
                        "); take another copy, or train anew."};
  }

  std::string ReadMetadata(const Json& json) {
    if (!json.AsObject()) return "__metadata__ is not an object";
    for (const auto& [key, value] : *json.AsObject()) {
      if (!value.AsString()) return "__metadata__ holds more than texts";
      file_.metadata[key] = *value.AsString();
    }
    return "";
  }

  std::string ReadTensor(const std::string& name, const Json& json) {
    const auto type = TypeNamed(json.Find("dtype"));
    if (!type) return QuotedName(name) + " has no type";
    const uint64_t width = uint64_t{FormatOf(*type).size};
    const auto shape = ShapeOf(json.Find("shape"), numbers_.size() / width);
    if (!shape) return "the shape of " + QuotedName(name) + " does not fit";
    const auto extent = ExtentOf(json.Find("data_offsets"), numbers_.size());
    if (!extent || extent->end - extent->begin !=
                       width * static_cast<uint64_t>(shape->size())) {
      return "the place of " + QuotedName(name) + " does not fit";
    }
    extents_.push_back({extent->begin, extent->end});
    file_.tensors[name] = {
        *shape, *type,
        numbers_.substr(extent->begin, extent->end - extent->begin)};
    return "";
  }

  // The format asks that tensors cover the numbers, without gap or overlap.
  std::string CheckCover() {
    std::sort(extents_.begin(), extents_.end(),
              [](const Extent& a, const Extent& b) {
                return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
              });
    uint64_t covered = 0;
    for (const Extent& extent : extents_) {
      if (extent.begin < covered) return "two tensors lie in the same place";
      if (extent.begin > covered) return "there is a gap between two tensors";
      covered = extent.end;
    }
    if (covered != numbers_.size()) return "numbers follow the last tensor";
    return "";
  }

  std::string where_;
  std::string_view numbers_;
  std::vector<Extent> extents_;
  SafetensorsFile file_;
};

}  // namespace

std::string_view NameOf(NumberType type) {
  return kTypes[static_cast<int>(type)].name;
}
NumberFormat FormatOf(NumberType type) {
  return kTypes[static_cast<int>(type)].format;
}

std::string QuotedName(std::string_view name) {
  return Write(Json(name.substr(0, 80)));
}

NamedTensor::NamedTensor(std::string name, const Shape& shape, NumberType type,
                         std::span<const std::byte> bytes)
    : name(std::move(name)), shape(shape), type(type), bytes(bytes) {
  Check(shape.size() * FormatOf(type).size == std::ssize(bytes),
        "a tensor's values do not fit its shape");
}

std::string WriteSafetensors(std::span<const NamedTensor> tensors,
                             const Metadata& metadata) {
  Json header = Json::Object{};
  for (const auto& [key, value] : metadata) header[kMetadataKey][key] = value;
  uint64_t offset = 0;
  for (const NamedTensor& tensor : tensors) {
    Check(offset % FormatOf(tensor.type).size == 0,
          "tensors of wide numbers go first");
    Json::Array shape;
    for (int axis = 0; axis < tensor.shape.rank(); ++axis) {
      shape.push_back(tensor.shape[axis]);
    }
    const uint64_t end = offset + tensor.bytes.size();
    Json& entry = header[tensor.name];
    Check(entry.is_null(), "two tensors have the same name");
    entry["dtype"] = NameOf(tensor.type);
    entry["shape"] = std::move(shape);
    entry["data_offsets"] = Json::Array{offset, end};
    offset = end;
  }
  std::string text = Write(header);
  text.append(
      (kHeaderAlignment - text.size() % kHeaderAlignment) % kHeaderAlignment,
      ' ');

  std::string bytes;
  bytes.reserve(kLengthBytes + text.size() + offset);
  for (size_t i = 0; i < kLengthBytes; ++i) {
    bytes += static_cast<char>(uint64_t{text.size()} >> (8 * i));
  }
  bytes += text;
  for (const NamedTensor& tensor : tensors) {
    if (tensor.bytes.empty()) continue;
    bytes.append(reinterpret_cast<const char*>(tensor.bytes.data()),
                 tensor.bytes.size());
  }
  return bytes;
}

Result<SafetensorsFile> ReadSafetensors(std::string_view bytes,
                                        std::string_view where) {
  return Reader(where).Read(bytes);
}

}  // namespace unnoise
