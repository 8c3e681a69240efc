// What a share link hands to core: key=value words, a line each, an empty line,
// and then the block of the user's points, if any. (How the page unpacks the
// link itself is tested with the page.)

#include <memory>
#include <utility>

#include "core/base/config.h"
#include "core/run/experiment.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace unnoise;
  std::string_view block;
  const std::vector<std::string> words =
      fuzz::LinesOf(fuzz::TextOf(data, size), 32, block);
  std::shared_ptr<const PointSet> points;
  if (!block.empty()) {
    Result<PointSet> unpacked = Unpack(block);
    if (unpacked) {
      fuzz::RequirePoints(*unpacked);
      fuzz::Require(Pack(*unpacked) == block, "a block is packed in one way");
      points = std::make_shared<PointSet>(std::move(*unpacked));
    } else {
      fuzz::RequireSentences(unpacked.problems());
    }
  }
  const auto read = ReadExperiment("", "link", words, points);
  if (!read) {
    fuzz::RequireSentences(read.problems());
    return 0;
  }
  // The words that the page writes into the next link say the same.
  const auto overrides = OverridesOf(*read, Experiment());
  const auto again = ReadExperiment("", "link", overrides, points);
  fuzz::Require(again.ok(), "its own words are accepted");
  fuzz::Require(HashOf(*again) == HashOf(*read),
                "its own words name the same experiment");
  return 0;
}
