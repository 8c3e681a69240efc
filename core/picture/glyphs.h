// The letters of pictures made of pixels: a stroke font of our own, so that a
// text has the same pixels on every machine.

#ifndef UNNOISE_PICTURE_GLYPHS_H_
#define UNNOISE_PICTURE_GLYPHS_H_

#include <string>
#include <string_view>
#include <vector>

#include "core/picture/canvas.h"

namespace unnoise {

// How wide a UTF-8 text is at this size.
double TextWidth(std::string_view text, double size);

// The text as strokes: pairs of places, each a straight piece. It starts at
// `at`, on the baseline. What the font lacks is a hollow box.
std::vector<Place> TextStrokes(std::string_view text, Place at, double size);

// The thickness of its strokes.
double StrokeWidth(double size);

// The text or, if that is too wide, its beginning with an ellipsis.
std::string Shortened(std::string_view text, double size, double width);

}  // namespace unnoise

#endif  // UNNOISE_PICTURE_GLYPHS_H_
