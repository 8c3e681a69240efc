// experiment.json as anybody may write it: refused with a sentence, or read;
// and what was read is written in one form that reads back to itself.

#include "core/run/experiment.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace unnoise;
  const auto read =
      ReadExperiment(fuzz::TextOf(data, size), "experiment.json", {}, nullptr);
  if (!read) {
    fuzz::RequireSentences(read.problems());
    return 0;
  }
  const std::string canonical = WriteExperiment(*read);
  const auto again = ReadExperiment(canonical, "experiment.json", {}, nullptr);
  fuzz::Require(again.ok(), "the canonical form is accepted");
  fuzz::Require(WriteExperiment(*again) == canonical,
                "the canonical form is its own canonical form");
  return 0;
}
