// Sets that are uniform where they are: a box in any dimension, a board.

#include <algorithm>
#include <string>
#include <utility>

#include "core/data/box_world.h"
#include "core/data/plane.h"

namespace unnoise {
namespace {

// The dark squares of a board on [-2, 2]^2.
class Checkerboard final : public PlaneSet, public HasEdges {
 public:
  void Visit(Visitor& v) override {
    v.Int({"size", "Squares along each side of the board; an even number."},
          {2, 16}, size_);
    VisitStandardise(v);
  }

  void Validate(Problems& problems) const override {
    if (size_ % 2 != 0) {
      problems.push_back({"size", "found " + std::to_string(size_) +
                                      "; give an even number."});
    }
  }

  Moments ExactMoments() const override {
    // Each column, and each row, is dark over half of it: uniform on [-2, 2].
    return {{0, 0}, {4.0 / 3, 4.0 / 3}};
  }

  Modes KnownModes() const override { return {}; }

  std::vector<double> Edges() const override {
    std::vector<double> edges;
    for (int64_t i = 0; i <= size_; ++i) {
      edges.push_back(4 * static_cast<double>(i) / static_cast<double>(size_) -
                      2);
    }
    return edges;
  }

  std::unique_ptr<World> MakeWorld(const Affine& units) const override {
    // Dark are the even rows of even columns and the odd ones of odd columns.
    const double side = 4 / static_cast<double>(size_);
    BoxLaw law{.dim = 2, .parts = {}};
    for (int64_t parity = 0; parity < 2; ++parity) {
      std::vector<Interval> sides;
      for (int64_t i = parity; i < size_; i += 2) {
        const double low = side * static_cast<double>(i) - 2;
        sides.push_back({low, low + side});
      }
      law.parts.push_back({0.5, {sides, sides}});
    }
    return unnoise::MakeWorld(std::move(law), units);
  }

  void Draw(Key key, uint64_t first, std::span<float> out) const override {
    const int64_t size = size_;
    const double side = 4.0 / static_cast<double>(size);
    DrawInPlane(
        key, first, out, [=](const uint32_t* words, const float*, float* xy) {
          const uint32_t column = Index(words[0], size);
          const uint32_t row = 2 * Index(words[1], size / 2) + column % 2;
          // What is left of the words below the index is uniform too.
          const double x = Rest(words[0], size);
          const double y = Rest(words[1], size / 2);
          xy[0] = static_cast<float>(side * (column + x) - 2);
          xy[1] = static_cast<float>(side * (row + y) - 2);
        });
  }

 private:
  // The fraction of bits * bound / 2^32, in (0, 1).
  static double Rest(uint32_t bits, int64_t bound) {
    const uint32_t rest = bits * static_cast<uint32_t>(bound);
    return (rest + 0.5) * 0x1p-32;
  }

  int64_t size_ = 4;
};

// Each coordinate uniform between two ends, in whichever order they are given.
class Uniform final : public Dataset, public HasEdges {
 public:
  int dim() const override { return static_cast<int>(dim_); }

  void Visit(Visitor& v) override {
    v.Int({"dim", "How many coordinates a point has."}, {1, kMaxDim}, dim_);
    v.Real({"low", "One end of every coordinate."}, {-1000, 1000}, low_);
    v.Real({"high", "The other end."}, {-1000, 1000}, high_);
    VisitStandardise(v);
  }

  void Validate(Problems& problems) const override {
    if (low_ != high_) return;
    problems.push_back({"high", "this is low again; move one of them."});
  }

  Moments ExactMoments() const override {
    const double length = high_ - low_;
    const size_t dim = static_cast<size_t>(dim_);
    return {std::vector<double>(dim, 0.5 * (low_ + high_)),
            std::vector<double>(dim, length * length / 12)};
  }

  Modes KnownModes() const override { return {}; }

  std::vector<double> Edges() const override {
    return {std::min(low_, high_), std::max(low_, high_)};
  }

  std::unique_ptr<World> MakeWorld(const Affine& units) const override {
    BoxLaw law{.dim = dim(), .parts = {}};
    law.parts.push_back(
        {1, std::vector<std::vector<Interval>>(
                static_cast<size_t>(dim_),
                {{std::min(low_, high_), std::max(low_, high_)}})});
    return unnoise::MakeWorld(std::move(law), units);
  }

  // Coordinate c of point i is word dim i + c of its stream.
  void Draw(Key key, uint64_t first, std::span<float> out) const override {
    constexpr size_t kChunk = 256;
    uint32_t words[kChunk];
    const size_t dim = static_cast<size_t>(dim_);
    Check(out.size() % dim == 0, "the buffer does not hold whole points");
    const Key word_key = Fold(key, "choice");
    uint64_t at = dim * first;
    for (size_t begin = 0; begin < out.size(); begin += kChunk) {
      const size_t count = std::min(kChunk, out.size() - begin);
      FillBits(word_key, at, std::span(words, count));
      for (size_t i = 0; i < count; ++i) {
        const double u = (words[i] + 0.5) * 0x1p-32;
        out[begin + i] = static_cast<float>(low_ + u * (high_ - low_));
      }
      at += count;
    }
  }

 private:
  static constexpr int kMaxDim = 8;
  int64_t dim_ = 2;
  double low_ = -2;
  double high_ = 2;
};

constexpr Row<Dataset> kRows[] = {
    MakeRow<Dataset, Checkerboard>(
        "checkerboard", "Checkerboard",
        "The dark squares of a board. Sharp edges and corners are hard for a "
        "smooth model."),
    MakeRow<Dataset, Uniform>(
        "uniform", "Uniform",
        "Equally likely everywhere in a box, in up to eight dimensions: the "
        "simplest law with an edge."),
};

}  // namespace

std::span<const Row<Dataset>> BoxSets() { return kRows; }

}  // namespace unnoise
