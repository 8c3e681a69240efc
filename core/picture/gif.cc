// GIF by giflib: one palette for all frames, the last colour of which means
// "as before", so that what stands still costs nothing.

#include <gif_lib.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>

#include "core/base/check.h"
#include "core/picture/encode.h"

namespace unnoise {
namespace {

constexpr size_t kMostColours = 255;
constexpr int kMixtures = 19;  // steps between two of three colours
constexpr int kLetterSteps = 12;

uint32_t CodeOf(Colour colour) {
  return static_cast<uint32_t>(colour.r) << 16 |
         static_cast<uint32_t>(colour.g) << 8 | colour.b;
}

int Distance(Colour a, Colour b) {
  const int r = a.r - b.r, g = a.g - b.g, blue = a.b - b.b;
  return r * r + g * g + blue * blue;
}

void CheckGif(int result) {
  Check(result == GIF_OK, "the animation could not be encoded");
}

}  // namespace

std::vector<Colour> AnimationPalette(const Theme& theme) {
  std::vector<Colour> palette = {theme.paper, theme.line, theme.grid};
  // Points over points over the background: every mixture of the three.
  for (int samples = 0; samples <= kMixtures; ++samples) {
    for (int data = 0; samples + data <= kMixtures; ++data) {
      const int rest = kMixtures - samples;
      const Colour under = rest == 0 ? theme.surface
                                     : Mix(theme.surface, theme.data,
                                           static_cast<double>(data) / rest);
      palette.push_back(
          Mix(under, theme.samples, static_cast<double>(samples) / kMixtures));
    }
  }
  for (int i = 1; i <= kLetterSteps; ++i) {
    const double part = static_cast<double>(i) / kLetterSteps;
    palette.push_back(Mix(theme.paper, theme.ink, part));
    palette.push_back(Mix(theme.paper, theme.label, part));
    palette.push_back(Mix(theme.paper, theme.muted, part));
  }
  return palette;
}

struct GifWriter::State {
  int width;
  int height;
  std::vector<Colour> palette;
  std::string bytes;
  GifFileType* file = nullptr;
  std::map<uint32_t, uint8_t> nearest;  // of colours seen so far
  std::vector<uint8_t> shown;           // palette indices, [height, width]
  bool first = true;

  uint8_t NearestTo(Colour colour) {
    const auto [place, is_new] = nearest.emplace(CodeOf(colour), 0);
    if (is_new) {
      const auto best = std::min_element(
          palette.begin(), palette.end(), [&](Colour a, Colour b) {
            return Distance(a, colour) < Distance(b, colour);
          });
      place->second = static_cast<uint8_t>(best - palette.begin());
    }
    return place->second;
  }

  int Unchanged() const { return static_cast<int>(palette.size()); }
};

GifWriter::GifWriter(int width, int height, const std::vector<Colour>& palette)
    : state_(std::make_unique<State>()) {
  Check(palette.size() >= 2 && palette.size() <= kMostColours,
        "a palette has 2 to 255 colours");
  state_->width = width;
  state_->height = height;
  state_->palette = palette;
  state_->shown.resize(static_cast<size_t>(width) * height);

  const auto append = [](GifFileType* file, const GifByteType* data, int size) {
    static_cast<std::string*>(file->UserData)
        ->append(reinterpret_cast<const char*>(data),
                 static_cast<size_t>(size));
    return size;
  };
  int error = 0;
  state_->file = EGifOpen(&state_->bytes, append, &error);
  Check(state_->file != nullptr, "the animation could not be encoded");
  EGifSetGifVersion(state_->file, true);
  int size = 2;
  while (size <= state_->Unchanged()) size *= 2;
  ColorMapObject* map = GifMakeMapObject(size, nullptr);
  Check(map != nullptr, "the animation could not be encoded");
  for (size_t i = 0; i < palette.size(); ++i) {
    map->Colors[i] = {palette[i].r, palette[i].g, palette[i].b};
  }
  const int put = EGifPutScreenDesc(state_->file, width, height, 8, 0, map);
  GifFreeMapObject(map);
  CheckGif(put);
  // "Netscape 2.0": repeat for ever.
  const uint8_t loop[] = {1, 0, 0};
  CheckGif(EGifPutExtensionLeader(state_->file, APPLICATION_EXT_FUNC_CODE));
  CheckGif(EGifPutExtensionBlock(state_->file, 11, "NETSCAPE2.0"));
  CheckGif(EGifPutExtensionBlock(state_->file, sizeof loop, loop));
  CheckGif(EGifPutExtensionTrailer(state_->file));
}

GifWriter::~GifWriter() {
  int error = 0;
  if (state_->file != nullptr) EGifCloseFile(state_->file, &error);
}

void GifWriter::Add(const Image& image, int hundredths) {
  State& state = *state_;
  const int width = state.width, height = state.height;
  Check(image.width == width && image.height == height,
        "a frame has another size");
  const auto unchanged = static_cast<uint8_t>(state.Unchanged());

  // What changed, and the box around it: at least a pixel.
  std::vector<uint8_t> pixels(state.shown.size(), unchanged);
  int left = width, top = height, right = 0, bottom = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const size_t at = static_cast<size_t>(y) * width + x;
      const uint8_t index = state.NearestTo(image.At(x, y));
      if (!state.first && index == state.shown[at]) continue;
      pixels[at] = state.shown[at] = index;
      left = std::min(left, x);
      right = std::max(right, x + 1);
      top = std::min(top, y);
      bottom = std::max(bottom, y + 1);
    }
  }
  state.first = false;
  if (right == 0) left = top = 0, right = bottom = 1;

  GraphicsControlBlock control{};
  control.DisposalMode = DISPOSE_DO_NOT;
  control.DelayTime = hundredths;
  control.TransparentColor = unchanged;
  GifByteType extension[4];
  EGifGCBToExtension(&control, extension);
  CheckGif(EGifPutExtension(state.file, GRAPHICS_EXT_FUNC_CODE,
                            sizeof extension, extension));
  CheckGif(EGifPutImageDesc(state.file, left, top, right - left, bottom - top,
                            false, nullptr));
  for (int y = top; y < bottom; ++y) {
    CheckGif(EGifPutLine(state.file,
                         &pixels[static_cast<size_t>(y) * width + left],
                         right - left));
  }
}

std::string GifWriter::Finish() {
  int error = 0;
  const int closed = EGifCloseFile(state_->file, &error);
  state_->file = nullptr;
  CheckGif(closed);
  return std::move(state_->bytes);
}

}  // namespace unnoise
