// Numbers as pictures write them: with a stated number of digits, the same on
// every machine.

#ifndef UNNOISE_PICTURE_NUMBERS_H_
#define UNNOISE_PICTURE_NUMBERS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace unnoise {

// Rounded to `places` decimals: "0.40". |value| < 1e15 / 10^places; what is
// beyond, or is no number, is "-".
std::string Fixed(double value, int places);
// The same without zeros at the end, for coordinates: "0.4".
std::string Compact(double value, int places);

// A round number on an axis, and how it is written: "2,000", "0.5", "2e-7";
// minus is U+2212.
struct Tick {
  double value;
  std::string label;
};

// Round numbers (1, 2, 5 times a power of ten) from low to high, about `count`
// of them. None if the range is empty or not finite.
std::vector<Tick> Ticks(double low, double high, double count);

// The same for a logarithmic axis, 0 < low < high: powers of ten, with 2 and 5
// between them if there are few.
std::vector<Tick> LogTicks(double low, double high);

}  // namespace unnoise

#endif  // UNNOISE_PICTURE_NUMBERS_H_
