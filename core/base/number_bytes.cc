#include "core/base/number_bytes.h"

#include <cstring>

#include "core/base/half.h"

namespace unnoise {

template <class T>
T NumberAt(const char* bytes, const NumberFormat& format) {
  const int size = format.size;
  uint64_t bits = 0;
  for (int i = 0; i < size; ++i) {
    const int place = format.big_endian ? size - 1 - i : i;
    bits |= uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * place);
  }
  switch (format.kind) {
    case NumberKind::kFloat: {
      if (size == 2) return ToFloat(Half{static_cast<uint16_t>(bits)});
      if (size == 4) {
        const uint32_t low = static_cast<uint32_t>(bits);
        float value;
        std::memcpy(&value, &low, sizeof value);
        return value;
      }
      double value;
      std::memcpy(&value, &bits, sizeof value);
      return static_cast<T>(value);
    }
    case NumberKind::kBfloat:
      return ToFloat(Bfloat16{static_cast<uint16_t>(bits)});
    case NumberKind::kSigned: {
      const int rest = 64 - 8 * size;  // the sign, drawn out
      return static_cast<T>(static_cast<int64_t>(bits << rest) >> rest);
    }
    case NumberKind::kUnsigned:
      break;
  }
  return static_cast<T>(bits);
}

template float NumberAt(const char*, const NumberFormat&);
template double NumberAt(const char*, const NumberFormat&);

}  // namespace unnoise
