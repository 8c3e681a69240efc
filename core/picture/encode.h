// Pictures as bytes: PNG, GIF, base64. Only png.cc knows stb and only gif.cc
// knows giflib.

#ifndef UNNOISE_PICTURE_ENCODE_H_
#define UNNOISE_PICTURE_ENCODE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/picture/canvas.h"

namespace unnoise {

// 8 bits a channel, without loss. Throws UsageError if there is no memory.
std::string EncodePng(const Image& image);

// RFC 4648, with padding.
std::string Base64(std::string_view bytes);

// The colours of animations, at most 255: mixtures of what is drawn.
std::vector<Colour> AnimationPalette(const Theme& theme);

// An animation that repeats for ever, made frame by frame. A pixel has the
// nearest colour of the palette (of two as near, the earlier), without
// dithering; of a frame only what changed is kept.
class GifWriter {
 public:
  // `palette` 2 to 255 colours. Every frame is `width` by `height`.
  GifWriter(int width, int height, const std::vector<Colour>& palette);
  ~GifWriter();

  // Shows the image for so many hundredths of a second, 2 or more.
  void Add(const Image& image, int hundredths);
  // The whole file; call once, at the end. Throws UsageError if giflib failed.
  std::string Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace unnoise

#endif  // UNNOISE_PICTURE_ENCODE_H_
