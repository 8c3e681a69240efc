// The ZIP container. Reading goes by the directory at the end of the file, as
// the format asks for, and believes none of its numbers.

#include "core/data/zip.h"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <utility>

#include "core/base/check.h"

namespace unnoise {
namespace {

constexpr std::string_view kDirectoryMagic = "PK\x01\x02";
constexpr std::string_view kEndMagic = "PK\x05\x06";
constexpr size_t kLocalBytes = 30;      // before the name
constexpr size_t kDirectoryBytes = 46;  // before the name
constexpr size_t kEndBytes = 22;        // before the comment
constexpr size_t kMaxCommentBytes = 65535;
constexpr size_t kMax16 = 0xffff;
constexpr uint32_t kMax32 = 0xffffffff;
constexpr uint16_t kVersionNeeded = 20;  // 2.0
constexpr uint16_t kDate = 1 << 5 | 1;   // 1980-01-01
constexpr uint16_t kEncrypted = 1;       // flags
constexpr uint16_t kStored = 0;
constexpr uint16_t kDeflated = 8;

void Append16(size_t value, std::string& out) {
  out += static_cast<char>(value & 255);
  out += static_cast<char>(value >> 8 & 255);
}
void Append32(size_t value, std::string& out) {
  Append16(value & kMax16, out);
  Append16(value >> 16 & kMax16, out);
}
uint16_t Read16(std::string_view bytes, size_t at) {
  return static_cast<uint16_t>(static_cast<uint8_t>(bytes[at]) |
                               static_cast<uint8_t>(bytes[at + 1]) << 8);
}
uint32_t Read32(std::string_view bytes, size_t at) {
  return Read16(bytes, at) | static_cast<uint32_t>(Read16(bytes, at + 2)) << 16;
}

constexpr std::array<uint32_t, 256> CrcTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t rest = i;
    for (int bit = 0; bit < 8; ++bit) {
      rest = rest >> 1 ^ (rest & 1 ? 0xedb88320u : 0u);
    }
    table[i] = rest;
  }
  return table;
}

// What a directory and the head of an entry have in common, from the version
// needed to the length of the extra field.
void AppendCommon(const ZipEntry& entry, uint32_t crc, std::string& out) {
  Append16(kVersionNeeded, out);
  Append16(0, out);  // flags
  Append16(kStored, out);
  Append16(0, out);  // time
  Append16(kDate, out);
  Append32(crc, out);
  Append32(entry.bytes.size(), out);
  Append32(entry.bytes.size(), out);
  Append16(entry.name.size(), out);
  Append16(0, out);  // extra field
}

// An entry as the directory has it.
struct Listed {
  std::string_view name;
  uint16_t flags, method;
  uint32_t crc, packed, size, start;
};

std::string MethodName(uint16_t method) {
  const char* name = method == 9    ? "Deflate64"
                     : method == 12 ? "bzip2"
                     : method == 14 ? "LZMA"
                     : method == 93 ? "Zstandard"
                     : method == 95 ? "XZ"
                                    : "an unknown method";
  return std::string(name) + " (" + std::to_string(method) + ')';
}

class Reader {
 public:
  Reader(std::string_view bytes, std::string_view where)
      : bytes_(bytes), where_(where) {}

  Result<std::vector<ZipEntry>> Read(uint64_t limit) {
    Result<std::vector<Listed>> listed = Directory();
    if (!listed) return listed.problems();
    uint64_t total = 0;
    std::set<std::string_view> names;
    for (const Listed& entry : *listed) {
      total += entry.size;
      if (!names.insert(entry.name).second) {
        return Found("there are two entries named " + Shown(entry) +
                     "; keep one of them.");
      }
    }
    if (total > limit) {
      return Found("unpacked, its entries would hold " + std::to_string(total) +
                   " bytes; leave out what is not needed, so that there are "
                   "at most " +
                   std::to_string(limit) + '.');
    }
    std::vector<ZipEntry> entries;
    for (const Listed& entry : *listed) {
      if (entry.name.ends_with('/')) continue;  // a folder
      Result<ZipEntry> read = Unpacked(entry);
      if (!read) return read.problems();
      entries.push_back(std::move(*read));
    }
    return entries;
  }

 private:
  Problem Found(std::string what) const { return {where_, std::move(what)}; }
  Problem Damaged() const {
    return Found("this ZIP file is cut or damaged; take another copy.");
  }
  Problem Zip64() const {
    return Found(
        "this is a ZIP64 file, for sizes beyond 4 GiB; write a smaller one "
        "with a plain ZIP writer.");
  }
  static std::string Shown(const Listed& entry) {
    std::string text;
    for (const char c : entry.name.substr(0, 64)) {
      text += c >= 32 && c < 127 ? c : '?';
    }
    return '"' + text + '"';
  }

  Result<std::vector<Listed>> Directory() const {
    if (bytes_.size() < kEndBytes) return Damaged();
    // The end record, with its comment, reaches the end of the file.
    size_t end = bytes_.size() - kEndBytes;
    const size_t least = end - std::min(end, kMaxCommentBytes);
    while (bytes_.substr(end, 4) != kEndMagic ||
           end + kEndBytes + Read16(bytes_, end + 20) != bytes_.size()) {
      if (end == least) return Damaged();
      --end;
    }
    const uint16_t count = Read16(bytes_, end + 10);
    const uint32_t size = Read32(bytes_, end + 12);
    const uint32_t start = Read32(bytes_, end + 16);
    if (count == kMax16 || size == kMax32 || start == kMax32) return Zip64();
    if (Read32(bytes_, end + 4) != 0 || Read16(bytes_, end + 8) != count) {
      return Found(
          "this is one part of a ZIP file on several disks; join them into "
          "one.");
    }
    if (uint64_t{start} + size != end) return Damaged();
    return List(bytes_.substr(start, size), count);
  }

  Result<std::vector<Listed>> List(std::string_view directory,
                                   size_t count) const {
    std::vector<Listed> listed;
    for (size_t i = 0; i < count; ++i) {
      if (directory.size() < kDirectoryBytes ||
          !directory.starts_with(kDirectoryMagic)) {
        return Damaged();
      }
      const size_t name_bytes = Read16(directory, 28);
      const size_t record = kDirectoryBytes + name_bytes +
                            Read16(directory, 30) + Read16(directory, 32);
      if (record > directory.size()) return Damaged();
      const Listed entry{directory.substr(kDirectoryBytes, name_bytes),
                         Read16(directory, 8),
                         Read16(directory, 10),
                         Read32(directory, 16),
                         Read32(directory, 20),
                         Read32(directory, 24),
                         Read32(directory, 42)};
      if (entry.packed == kMax32 || entry.size == kMax32 ||
          entry.start == kMax32) {
        return Zip64();
      }
      listed.push_back(entry);
      directory.remove_prefix(record);
    }
    if (!directory.empty()) return Damaged();
    return listed;
  }

  Result<ZipEntry> Unpacked(const Listed& entry) const {
    if (entry.flags & kEncrypted) {
      return Found(Shown(entry) + " is encrypted; pack it without a password.");
    }
    if (entry.method != kStored && entry.method != kDeflated) {
      return Found(Shown(entry) + " is packed with " +
                   MethodName(entry.method) +
                   "; pack it with deflate, or not at all.");
    }
    const size_t head = entry.start;
    if (bytes_.size() - std::min(head, bytes_.size()) < kLocalBytes ||
        bytes_.substr(head, 4) != kZipMagic) {
      return Damaged();
    }
    const size_t name_bytes = Read16(bytes_, head + 26);
    const uint64_t data =
        uint64_t{head} + kLocalBytes + name_bytes + Read16(bytes_, head + 28);
    if (data + entry.packed > bytes_.size() ||
        bytes_.substr(head + kLocalBytes, name_bytes) != entry.name) {
      return Damaged();
    }
    const std::string_view packed =
        bytes_.substr(static_cast<size_t>(data), entry.packed);
    ZipEntry unpacked{std::string(entry.name), {}};
    if (entry.method == kStored) {
      if (entry.packed != entry.size) return Damaged();
      unpacked.bytes = packed;
    } else if (!Inflate(packed, entry.size, unpacked.bytes)) {
      return Damaged();
    }
    if (Crc32(unpacked.bytes) != entry.crc) {
      return Found(Shown(entry) +
                   " does not match its check sum; take another copy.");
    }
    return unpacked;
  }

  std::string_view bytes_;
  std::string where_;
};

}  // namespace

uint32_t Crc32(std::string_view bytes) {
  static constexpr std::array<uint32_t, 256> kTable = CrcTable();
  uint32_t crc = kMax32;
  for (const char c : bytes) {
    crc = crc >> 8 ^ kTable[(crc ^ static_cast<uint8_t>(c)) & 255];
  }
  return ~crc;
}

std::string WriteZip(std::span<const ZipEntry> entries) {
  size_t total = kEndBytes;
  Check(entries.size() < kMax16, "a ZIP file holds at most 65,534 entries");
  for (const ZipEntry& entry : entries) {
    Check(entry.name.size() <= kMax16, "the name of a ZIP entry is too long");
    Check(entry.bytes.size() < kMax32 - total, "a ZIP file holds up to 4 GiB");
    total += kLocalBytes + kDirectoryBytes + 2 * entry.name.size() +
             entry.bytes.size();
    Check(total < kMax32, "a ZIP file holds up to 4 GiB");
  }
  std::string out, directory;
  out.reserve(total);
  for (const ZipEntry& entry : entries) {
    const uint32_t crc = Crc32(entry.bytes);
    directory += kDirectoryMagic;
    Append16(kVersionNeeded, directory);  // made by
    AppendCommon(entry, crc, directory);
    directory.append(10, '\0');  // comment, disk, attributes
    Append32(out.size(), directory);
    directory += entry.name;

    out += kZipMagic;
    AppendCommon(entry, crc, out);
    out += entry.name;
    out += entry.bytes;
  }
  const size_t start = out.size();
  out += directory;
  out += kEndMagic;
  Append32(0, out);  // disks
  Append16(entries.size(), out);
  Append16(entries.size(), out);
  Append32(directory.size(), out);
  Append32(start, out);
  Append16(0, out);  // comment
  return out;
}

Result<std::vector<ZipEntry>> ReadZip(std::string_view bytes,
                                      std::string_view where,
                                      int64_t max_total_bytes) {
  return Reader(bytes, where).Read(static_cast<uint64_t>(max_total_bytes));
}

}  // namespace unnoise
