// A recording as a page of its own: one HTML file with everything in it, which
// asks nothing of any network and opens from a disk.

#ifndef UNNOISE_PICTURE_PLAYER_H_
#define UNNOISE_PICTURE_PLAYER_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/picture/views.h"

namespace unnoise {

struct Recording {
  Heading heading;
  Cloud data;
  Way denoising;  // from noise to data
  Way noising;    // from data to noise, on the same grid
  bool noising_first = false;
  int64_t states_per_second = 20;
  std::optional<bool> dark;  // unset: as the reader's system has it
  // What there is to know: {"Fingerprint", "ac06fcc217a59ac9"}, ...
  std::vector<std::pair<std::string, std::string>> facts;
  std::vector<std::string> commands;
  std::string experiment;  // JSON for people
};

// Places are kept as 16-bit codes over three windows each way, about a
// hundredth of a pixel apart; what lies beyond stands at that edge.
std::string PlayerPage(const Recording& recording);

}  // namespace unnoise

#endif  // UNNOISE_PICTURE_PLAYER_H_
