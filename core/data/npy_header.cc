// The header of an NPY file: a Python dictionary whose lengths are never
// trusted.

#include <algorithm>
#include <string>
#include <utility>

#include "core/data/npy.h"

namespace unnoise {
namespace {

constexpr size_t kMaxRank = 8;
constexpr size_t kMaxShownBytes = 40;
constexpr uint64_t kMaxBytes = uint64_t{1} << 60;  // beyond every file

// Reads the dictionary from the front, piece by piece.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  bool Take(std::string_view expected) {
    const size_t spaces = text_.find_first_not_of(" \t\r\n");
    text_.remove_prefix(std::min(spaces, text_.size()));
    if (!text_.starts_with(expected)) return false;
    text_.remove_prefix(expected.size());
    return true;
  }
  // What stands between two quotes of either kind.
  bool TakeText(std::string_view& text) {
    const char* quote = Take("'") ? "'" : Take("\"") ? "\"" : nullptr;
    if (quote == nullptr) return false;
    const size_t end = text_.find(quote[0]);
    if (end == text_.npos) return false;
    text = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    return true;
  }
  // A number in [0, limit].
  bool TakeNumber(uint64_t limit, uint64_t& number) {
    Take("");
    size_t digits = 0;
    number = 0;
    for (;
         digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9';
         ++digits) {
      number = 10 * number + static_cast<uint64_t>(text_[digits] - '0');
      if (number > limit) return false;
    }
    text_.remove_prefix(digits);
    return digits > 0;
  }
  bool AtEnd() {
    Take("");
    return text_.empty();
  }

 private:
  std::string_view text_;
};

bool TakeShape(Cursor& cursor, std::vector<int64_t>& shape) {
  if (!cursor.Take("(")) return false;
  while (!cursor.Take(")")) {
    uint64_t extent = 0;
    if (shape.size() == kMaxRank || !cursor.TakeNumber(kMaxBytes, extent)) {
      return false;
    }
    shape.push_back(static_cast<int64_t>(extent));
    cursor.Take("L");  // as Python 2 wrote it
    if (!cursor.Take(",")) return shape.size() > 1 && cursor.Take(")");
  }
  return true;
}

// Takes a type such as "<f4"; tells whether it is one that can be read.
bool ReadType(std::string_view type, NpyInfo& info) {
  const char order = type.empty() ? '\0' : type.front();
  if (std::string_view("<>|=").find(order) != std::string_view::npos) {
    type.remove_prefix(1);
  }
  if (type == "?") type = "b1";
  if (type.size() != 2) return false;
  info.kind = type[0];
  info.size = type[1] - '0';
  info.big_endian = order == '>' && info.size > 1;
  switch (info.kind) {
    case 'b':
      return info.size == 1;
    case 'f':
      return info.size == 2 || info.size == 4 || info.size == 8;
    case 'i':
    case 'u':
      return info.size == 1 || info.size == 2 || info.size == 4 ||
             info.size == 8;
    default:
      return false;
  }
}

// What a type is called that cannot be read, and what to do about it.
std::string OtherType(std::string_view type) {
  std::string_view bare = type;
  if (!bare.empty() && std::string_view("<>|=").find(bare[0]) != bare.npos) {
    bare.remove_prefix(1);
  }
  const char kind = bare.empty() ? '\0' : bare.front();
  const char* name = kind == 'c'   ? "complex numbers"
                     : kind == 'O' ? "Python objects"
                     : kind == 'S' || kind == 'U' || kind == 'a' ? "text"
                     : kind == 'V'                               ? "raw bytes"
                     : kind == 'M' || kind == 'm'                ? "times"
                     : kind == 'f' ? "floats of unusual size"
                                   : "an unknown type";
  std::string shown;
  for (const char c : type.substr(0, kMaxShownBytes)) {
    shown += c >= 32 && c < 127 ? c : '?';
  }
  return std::string("the array holds ") + name + " (" + shown +
         "); save real numbers, for example a." + (kind == 'c' ? "real." : "") +
         "astype('float32').";
}

class HeaderReader {
 public:
  HeaderReader(std::string_view bytes, std::string_view where)
      : bytes_(bytes), where_(where) {}

  Result<NpyInfo> Read() {
    std::string_view text;
    Result<NpyInfo> info = Open(text);
    if (!info) return info;
    return Dictionary(text, std::move(*info));
  }

 private:
  Problem Found(std::string what) const {
    return {std::string(where_), std::move(what)};
  }
  Problem Damaged() const {
    return Found(
        "the header of this NPY file is damaged; write it anew with "
        "numpy.save.");
  }

  // Cuts out the dictionary; sets the offset of the numbers.
  Result<NpyInfo> Open(std::string_view& text) const {
    const size_t at = kNpyMagic.size();
    if (!bytes_.starts_with(kNpyMagic) || bytes_.size() < at + 2) {
      return Found("this is no NPY file; write one with numpy.save.");
    }
    const auto byte = [&](size_t i) {
      return size_t{static_cast<unsigned char>(bytes_[at + i])};
    };
    if (byte(0) < 1 || byte(0) > 3 || byte(1) != 0) {
      return Found("this is an NPY file of version " + std::to_string(byte(0)) +
                   '.' + std::to_string(byte(1)) +
                   "; write one of version 1.0 to 3.0 with numpy.save.");
    }
    const size_t length_bytes = byte(0) == 1 ? 2 : 4;
    if (bytes_.size() < at + 2 + length_bytes) return Ends();
    size_t length = byte(2) | byte(3) << 8;
    if (length_bytes == 4 && (byte(4) != 0 || byte(5) != 0)) {
      return Damaged();  // numpy.save writes a few hundred bytes
    }
    NpyInfo info;
    info.offset = at + 2 + length_bytes + length;
    if (info.offset > bytes_.size()) return Ends();
    text = bytes_.substr(info.offset - length, length);
    return info;
  }

  Problem Ends() const {
    return Found("the file ends within its header; take another copy.");
  }

  Result<NpyInfo> Dictionary(std::string_view text, NpyInfo info) const {
    Cursor cursor(text);
    if (!cursor.Take("{")) return Damaged();
    bool has_type = false, has_order = false, has_shape = false;
    while (!cursor.Take("}")) {
      std::string_view key;
      if (!cursor.TakeText(key) || !cursor.Take(":")) return Damaged();
      if (key == "descr" && !has_type) {
        has_type = true;
        if (cursor.Take("[")) {
          return Found(
              "the array has named fields; save one plain array of numbers, "
              "for example numpy.column_stack([a['x'], a['y']]).");
        }
        std::string_view type;
        if (!cursor.TakeText(type)) return Damaged();
        if (!ReadType(type, info)) return Found(OtherType(type));
      } else if (key == "fortran_order" && !has_order) {
        has_order = true;
        info.fortran_order = cursor.Take("True");
        if (!info.fortran_order && !cursor.Take("False")) return Damaged();
      } else if (key == "shape" && !has_shape) {
        has_shape = true;
        if (!TakeShape(cursor, info.shape)) return Damaged();
      } else {
        return Damaged();
      }
      if (!cursor.Take(",")) {
        if (!cursor.Take("}")) return Damaged();
        break;
      }
    }
    if (!cursor.AtEnd() || !has_type || !has_order || !has_shape) {
      return Damaged();
    }
    return CheckedSize(std::move(info));
  }

  // The numbers must be as many as the shape says, no fewer and no more.
  Result<NpyInfo> CheckedSize(NpyInfo info) const {
    const uint64_t held = bytes_.size() - info.offset;
    uint64_t size = static_cast<uint64_t>(info.size);
    for (const int64_t extent : info.shape) {
      // Compared by division: the product may be beyond 64 bits.
      const uint64_t factor = static_cast<uint64_t>(extent);
      size = size > 0 && factor > kMaxBytes / size ? kMaxBytes : size * factor;
    }
    if (size > held) {
      return Found("the file is cut: its header promises an array of shape " +
                   ShapeText(info.shape) + ", but only " +
                   std::to_string(held) +
                   " bytes of numbers follow; take another copy.");
    }
    if (size < held) {
      return Found("more follows the array of shape " + ShapeText(info.shape) +
                   " than belongs to it; write it anew with numpy.save.");
    }
    return info;
  }

  std::string_view bytes_;
  std::string_view where_;
};

}  // namespace

Result<NpyInfo> ReadNpyInfo(std::string_view bytes, std::string_view where) {
  return HeaderReader(bytes, where).Read();
}

}  // namespace unnoise
