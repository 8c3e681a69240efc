// The inflate of stb_image, a header of the Debian package libstb-dev, and
// nothing else of it. It writes within the buffer that it is given.

#include <limits>
#include <string>

#include "core/data/zip.h"

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_SUPPORT_ZLIB
#define STBI_NO_STDIO
#define STBI_NO_SIMD
#define STBI_NO_THREAD_LOCALS
#define STBI_NO_FAILURE_STRINGS
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_NO_JPEG
#define STBI_NO_PNG
#define STBI_NO_BMP
#define STBI_NO_PSD
#define STBI_NO_TGA
#define STBI_NO_GIF
#define STBI_NO_PIC
#define STBI_NO_PNM
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include <stb/stb_image.h>
#pragma GCC diagnostic pop

namespace unnoise {

bool Inflate(std::string_view deflated, size_t size, std::string& out) {
  constexpr size_t kMost = std::numeric_limits<int>::max();
  // It looks 16 bits ahead, even of a last code that is shorter than that.
  constexpr size_t kAhead = 2;
  if (deflated.size() > kMost - kAhead || size > kMost) return false;
  std::string padded(deflated);
  padded.append(kAhead, '\0');
  out.resize(size);
  return stbi_zlib_decode_noheader_buffer(
             out.data(), static_cast<int>(size), padded.data(),
             static_cast<int>(padded.size())) == static_cast<int>(size);
}

}  // namespace unnoise
