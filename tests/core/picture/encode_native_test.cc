// Bytes of pictures, read back by other code: PNG by stb_image, GIF by
// giflib's decoder.

#include <gif_lib.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "core/picture/encode.h"

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#include <stb/stb_image.h>

namespace unnoise {
namespace {

// Different in every pixel.
Image Pattern(int width, int height, int shift) {
  Image image{width, height,
              std::vector<uint8_t>(static_cast<size_t>(3) * width * height)};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      image.Set(x, y,
                {static_cast<uint8_t>(x * 7 + shift), static_cast<uint8_t>(y),
                 static_cast<uint8_t>(x * y)});
    }
  }
  return image;
}

TEST(EncodeTest, PngReadsBack) {
  for (const auto& [width, height] : {std::pair(1, 1), std::pair(61, 37)}) {
    const Image image = Pattern(width, height, 3);
    const std::string bytes = EncodePng(image);
    int wide = 0, tall = 0, channels = 0;
    stbi_uc* pixels = stbi_load_from_memory(
        reinterpret_cast<const stbi_uc*>(bytes.data()),
        static_cast<int>(bytes.size()), &wide, &tall, &channels, 3);
    ASSERT_NE(pixels, nullptr);
    EXPECT_EQ(wide, width);
    EXPECT_EQ(tall, height);
    EXPECT_TRUE(std::equal(image.rgb.begin(), image.rgb.end(), pixels));
    stbi_image_free(pixels);
  }
}

TEST(EncodeTest, Base64IsRfc4648) {
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : cases) EXPECT_EQ(Base64(bytes), text);
  EXPECT_EQ(Base64("\xfb\xff"), "+/8=");
}

struct Source {
  const std::string& bytes;
  size_t at = 0;
};

TEST(EncodeTest, GifReadsBackFrameByFrame) {
  const std::vector<Colour> palette = {
      {255, 255, 255}, {0, 0, 0}, {200, 30, 30}};
  const int width = 9, height = 5;
  Image first{width, height, std::vector<uint8_t>(3 * 45, 250)};
  Image second = first;
  second.Set(4, 2, {10, 0, 0});
  second.Set(6, 3, {190, 40, 20});
  GifWriter gif(width, height, palette);
  gif.Add(first, 60);
  gif.Add(second, 5);
  gif.Add(second, 7);  // nothing changed
  gif.Add(first, 9);
  const std::string bytes = gif.Finish();
  EXPECT_NE(bytes.find("NETSCAPE2.0"), bytes.npos);

  Source source{bytes};
  const auto read = [](GifFileType* file, GifByteType* data, int size) {
    auto& from = *static_cast<Source*>(file->UserData);
    const size_t count =
        std::min(static_cast<size_t>(size), from.bytes.size() - from.at);
    std::memcpy(data, from.bytes.data() + from.at, count);
    from.at += count;
    return static_cast<int>(count);
  };
  int error = 0;
  GifFileType* file = DGifOpen(&source, read, &error);
  ASSERT_NE(file, nullptr);
  ASSERT_EQ(DGifSlurp(file), GIF_OK);
  ASSERT_EQ(file->ImageCount, 4);
  std::vector<Colour> shown(width * height);
  const auto expect = [&](int frame, int x, int y, Colour colour) {
    EXPECT_EQ(shown[static_cast<size_t>(y * width + x)], colour)
        << frame << ": " << x << ", " << y;
  };
  const int delays[] = {60, 5, 7, 9};
  for (int i = 0; i < 4; ++i) {
    GraphicsControlBlock control{};
    ASSERT_EQ(DGifSavedExtensionToGCB(file, i, &control), GIF_OK);
    EXPECT_EQ(control.DelayTime, delays[i]);
    EXPECT_EQ(control.DisposalMode, DISPOSE_DO_NOT);
    const SavedImage& image = file->SavedImages[i];
    const GifImageDesc& place = image.ImageDesc;
    for (int y = 0; y < place.Height; ++y) {
      for (int x = 0; x < place.Width; ++x) {
        const int index = image.RasterBits[y * place.Width + x];
        if (index == control.TransparentColor) continue;
        shown[static_cast<size_t>((place.Top + y) * width + place.Left + x)] =
            palette[static_cast<size_t>(index)];
      }
    }
    const bool marked = i == 1 || i == 2;
    expect(i, 0, 0, palette[0]);
    expect(i, 4, 2, palette[marked ? 1 : 0]);
    expect(i, 6, 3, palette[marked ? 2 : 0]);
    if (i == 1) {
      EXPECT_EQ(place.Width, 3) << "only the box of what changed";
      EXPECT_EQ(place.Height, 2);
    }
  }
  DGifCloseFile(file, &error);
}

TEST(EncodeTest, PalettesHoldWhatIsDrawn) {
  for (const bool dark : {false, true}) {
    const Theme& theme = ThemeOf(dark);
    const std::vector<Colour> palette = AnimationPalette(theme);
    EXPECT_LE(palette.size(), 255u);
    for (const Colour colour :
         {theme.paper, theme.surface, theme.ink, theme.muted, theme.line,
          theme.grid, theme.label, theme.data, theme.samples}) {
      EXPECT_NE(std::find(palette.begin(), palette.end(), colour),
                palette.end())
          << HexOf(colour);
    }
  }
}

}  // namespace
}  // namespace unnoise
