// A user's own points as a data set: read from a file, packed for a share link,
// drawn with replacement. Formats that are not only for points are elsewhere
// (npy.h, zip.h).

#ifndef UNNOISE_DATA_POINTS_H_
#define UNNOISE_DATA_POINTS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/problem.h"
#include "core/data/dataset.h"

namespace unnoise {

// At most this many points are kept as 16-bit codes between the least and the
// greatest value of each axis, everywhere, so that a link, the page and the
// command line hold the same set: the coded set *is* the data.
inline constexpr int64_t kMaxPackedPoints = 2000;
inline constexpr int64_t kMaxPoints = 1000000;
inline constexpr int kMaxPointDim = 64;

// values [count, dim], row-major, finite; labels [count], or none. Labels are
// classes, 0 to 255: shown as colours and kept, but seen by no model.
struct PointSet {
  int dim = 0;
  std::vector<float> values = {};
  std::vector<uint8_t> labels = {};

  int64_t count() const {
    return dim == 0 ? 0 : static_cast<int64_t>(values.size()) / dim;
  }
  bool operator==(const PointSet&) const = default;
};

// Whether small sets are rounded to their codes, as all data are that a model
// learns from, or kept as they were read.
enum class Rounding { kToCodes, kNone };

// Points from the bytes of a file; what they are is told by themselves: NPY,
// NPZ (ZIP), or else text. Problems are at `where`. The same for both faces.
Result<PointSet> PointsFromBytes(std::string_view bytes, std::string_view where,
                                 Rounding rounding = Rounding::kToCodes);

// What every reader ends with: checks what may have come from anywhere (2 to
// kMaxPoints points of 1 to kMaxPointDim finite coordinates, labels for all or
// for none), makes -0 a 0 and rounds sets of at most kMaxPackedPoints to their
// codes. Problems name the point by its index, from 0.
Result<PointSet> MakePoints(PointSet points, std::string_view where,
                            Rounding rounding = Rounding::kToCodes);

// Numbers separated by commas (or semicolons, tabs, spaces: whichever the first
// line has), one point a line; blank lines and lines that start with # are
// skipped, and so is a first line without any number (a header). Cells may
// stand in quotes, and an empty last cell is ignored. Where a header calls a
// column label, class, target, species or the like, it holds the labels: whole
// numbers from 0 to 255, or names, which are numbered as they come up; all
// other columns are coordinates. Problems name the line: ragged rows, text,
// NaN, infinity; too few points (at least 2), too many, no column. At most ten
// are listed. Then MakePoints.
Result<PointSet> PointsFromCsv(std::string_view text, std::string_view where,
                               Rounding rounding = Rounding::kToCodes);

// Points from an array [count] or [count, dim], as numpy.save writes it.
Result<PointSet> PointsFromNpy(std::string_view bytes, std::string_view where,
                               Rounding rounding = Rounding::kToCodes);

// Points from what numpy.savez or savez_compressed writes. The coordinates are
// the array named x, X, data, points, samples or arr_0, or the only one that
// is no labels; labels the array y, Y, label, labels, c or arr_1, if there is
// one. Other arrays are left alone.
Result<PointSet> PointsFromNpz(std::string_view bytes, std::string_view where,
                               Rounding rounding = Rounding::kToCodes);

// Labels [count] from an array of any number type: whole numbers from 0 to 255.
Result<std::vector<uint8_t>> LabelsFromNpy(std::string_view bytes,
                                           std::string_view where);

// Points as their codes give them back; doing it twice changes nothing. 2 to
// kMaxPackedPoints points.
PointSet RoundToCodes(const PointSet& points);

// The points as one block of bytes, little-endian: "UNPT", version (8 bits),
// dim (8), count (32), and then, up to kMaxPackedPoints (small enough for a
// share link), for each axis its least and greatest value (float32) and the
// codes [count, dim] (16); beyond that the values [count, dim] (float32).
// Version 1 ends there; version 2, for points with labels, goes on with these
// [count] (8). Unpack gives back the same set if it is one of RoundToCodes or a
// large one, and refuses whatever Pack does not write.
std::string Pack(const PointSet& points);
Result<PointSet> Unpack(std::string_view bytes);

// FNV-1a-64 over dim, count, values and, if there are any, labels: 16 hex
// digits.
std::string DigestOf(const PointSet& points);

// The data set of kind "points". Its fields (file, count, dim, digest) say
// which points the experiment means; the points themselves are attached. A
// part of them may be held out: never drawn, and not in the moments.
class Points final : public Dataset {
 public:
  Points() { standardise = static_cast<int>(Standardise::kPerAxis); }

  void Visit(Visitor& visitor) override;
  void Validate(Problems& problems) const override;
  int dim() const override { return static_cast<int>(dim_); }
  // Of the training points.
  Moments ExactMoments() const override;
  // Training points, with replacement.
  void Draw(Key key, uint64_t first, std::span<float> out) const override;
  Modes KnownModes() const override { return {}; }
  // The finite set of the training points.
  std::unique_ptr<World> MakeWorld(const Affine& units) const override;

  // Sets file, count, dim and digest from the points, and keeps them. Reading
  // fields that name other points lets go of them again.
  void Attach(std::string file, std::shared_ptr<const PointSet> points);
  const std::string& file() const { return file_; }
  // All points, or null while none are attached.
  const PointSet* points() const { return points_.get(); }
  // Those that are drawn: all that are not held out. Throws UsageError while
  // none are attached.
  const PointSet& training() const;
  // Those that are not, or null if there are none. Which ones depends on their
  // number and on `data.held_out` alone, not on the seed: runs of different
  // seeds may be compared, and a larger part holds the smaller one.
  const PointSet* held_out() const { return held_out_.get(); }
  // Whether `points` are the ones that the fields name.
  bool Names(const PointSet& points) const;

 private:
  int64_t HeldOutCount() const;
  // Divides the points anew if the fields ask for another division.
  void Split();

  std::string file_;
  int64_t count_ = 0;
  int64_t dim_ = 2;
  std::string digest_;
  double held_out_part_ = 0;
  std::shared_ptr<const PointSet> points_;
  std::string attached_digest_;  // of points_
  std::shared_ptr<const PointSet> training_, held_out_;
};

}  // namespace unnoise

#endif  // UNNOISE_DATA_POINTS_H_
