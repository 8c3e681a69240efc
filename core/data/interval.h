// A uniform number seen through normal noise: x = alpha u + sqrt(total) eps
// with u uniform on [low, high]. Its density in error functions, and the
// moments of u given x, which is normal but cut off: only for the files of
// core/data that define worlds.

#ifndef UNNOISE_DATA_INTERVAL_H_
#define UNNOISE_DATA_INTERVAL_H_

namespace unnoise {

struct Interval {
  double low = 0, high = 0;  // low <= high
};

// x in the interval's own terms: z = (x - alpha u) / sqrt(total) is standard
// normal, and runs over [near, near + size] from one end to the other.
struct SeenInterval {
  Interval interval;
  double near = 0;  // at the end that x is nearer to; >= -size / 2
  double size = 0;
  bool high_is_near = false;
  double root = 1;  // of the total variance
};

// total > 0.
SeenInterval See(const Interval& interval, double x, double alpha,
                 double total);

// log p(x), finite for every x whose square is.
double LogDensity(const SeenInterval& seen);

struct IntervalMoments {
  double mean = 0;  // in the interval
  double variance = 0;
};
// Of u given x. Relative error of the variance below 1e-10, however far out.
IntervalMoments Posterior(const SeenInterval& seen);

}  // namespace unnoise

#endif  // UNNOISE_DATA_INTERVAL_H_
