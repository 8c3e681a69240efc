// FNV-1a, 64 bits: a fingerprint of bytes, the same on every machine. Not for
// security: anybody can make two texts that collide.

#ifndef UNNOISE_BASE_HASH_H_
#define UNNOISE_BASE_HASH_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace unnoise {

// Source: Fowler, Noll, Vo; RFC 9923.
class Fnv1a64 {
 public:
  void Byte(uint8_t byte) { hash_ = (hash_ ^ byte) * 0x00000100000001b3; }
  // Little-endian, whatever the machine is.
  void Uint32(uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) {
      Byte(static_cast<uint8_t>(value >> shift));
    }
  }
  void Uint64(uint64_t value) {
    Uint32(static_cast<uint32_t>(value));
    Uint32(static_cast<uint32_t>(value >> 32));
  }
  // Every NaN counts as 0x7fc00000: its other bits differ between machines.
  void Float(float value) {
    uint32_t bits = 0x7fc00000;
    if (value == value) std::memcpy(&bits, &value, sizeof bits);
    Uint32(bits);
  }
  void Text(std::string_view text) {
    for (const char c : text) Byte(static_cast<uint8_t>(c));
  }

  uint64_t value() const { return hash_; }
  // 16 hexadecimal digits.
  std::string Hex() const {
    std::string hex;
    for (int shift = 60; shift >= 0; shift -= 4) {
      hex += "0123456789abcdef"[(hash_ >> shift) & 15];
    }
    return hex;
  }

 private:
  uint64_t hash_ = 0xcbf29ce484222325;
};

}  // namespace unnoise

#endif  // UNNOISE_BASE_HASH_H_
