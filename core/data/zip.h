// ZIP containers as bytes: NPZ arrays and whole runs in one file. What is
// written is stored, not compressed; read is what is stored or deflated. Names
// are texts here: a caller that makes files of them checks them itself.

#ifndef UNNOISE_DATA_ZIP_H_
#define UNNOISE_DATA_ZIP_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/problem.h"

namespace unnoise {

// The first bytes of a ZIP file with something in it.
inline constexpr std::string_view kZipMagic = "PK\x03\x04";

struct ZipEntry {
  std::string name;  // such as "labels.npy"
  std::string bytes;

  bool operator==(const ZipEntry&) const = default;
};

// The entries in this order, dated 1980-01-01, so that the same entries give
// the same bytes. Throws UsageError beyond the limits of the plain format: 4
// GiB in all, 65,534 entries, names of 65,535 bytes.
// Source: PKWARE, .ZIP File Format Specification 6.3.10.
std::string WriteZip(std::span<const ZipEntry> entries);

// All entries but folders, in the order of the directory at the file's end.
// `max_total_bytes` bounds their bytes together: more are refused by what the
// directory declares before anything is read, and no entry gives more bytes
// than it declares. Problems at `where`: a damaged or cut file, a wrong check
// sum, two entries of one name; encryption, ZIP64, several disks, methods other
// than deflate, by name and with the repair.
Result<std::vector<ZipEntry>> ReadZip(std::string_view bytes,
                                      std::string_view where,
                                      int64_t max_total_bytes);

// CRC-32 of ISO 3309, as ZIP has it.
uint32_t Crc32(std::string_view bytes);

// Undoes deflate (RFC 1951) into exactly `size` bytes; false if the data are
// damaged or give another number. In inflate.cc.
bool Inflate(std::string_view deflated, size_t size, std::string& out);

}  // namespace unnoise

#endif  // UNNOISE_DATA_ZIP_H_
