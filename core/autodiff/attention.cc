#include "core/autodiff/attention.h"

#include <cmath>
#include <limits>
#include <vector>

#include "core/autodiff/batch_product.h"
#include "core/autodiff/elementwise.h"
#include "core/autodiff/layout.h"
#include "core/autodiff/op.h"
#include "core/autodiff/softmax.h"

namespace unnoise {

Tensor Attention(Tensor q, Tensor k, Tensor v, Tensor mask) {
  const Shape shape = q.shape();
  if (shape.rank() < 2) {
    ThrowShape("Attention", "q [..., m, d]", shape.ToText());
  }
  const int64_t depth = shape[shape.rank() - 1];
  Tensor scores = BatchProduct(q, k, Transpose::kNo, Transpose::kYes);
  scores = ScaleShift(scores, 1 / std::sqrt(static_cast<double>(depth)), 0);
  if (mask.valid()) scores = Add(scores, BroadcastTo(mask, scores.shape()));
  Tensor weights = Softmax(scores, {scores.shape().rank() - 1});
  return BatchProduct(weights, v);
}

Tensor CausalMask(Tape& tape, int64_t length) {
  const Shape shape{length, length};
  std::vector<float> mask(static_cast<size_t>(shape.size()));
  for (int64_t i = 0; i < length; ++i) {
    for (int64_t j = i + 1; j < length; ++j) {
      mask[i * length + j] = -std::numeric_limits<float>::infinity();
    }
  }
  return tape.Constant(shape, std::span<const float>(mask));
}

Tensor SplitHeads(Tensor x, int64_t heads) {
  CheckRank("SplitHeads", x, 3);
  const Shape shape = x.shape();
  if (heads < 1 || shape[2] % heads != 0) {
    ThrowShape("SplitHeads", "heads that divide " + std::to_string(shape[2]),
               std::to_string(heads));
  }
  Tensor apart = Reshape(x, {shape[0], shape[1], heads, shape[2] / heads});
  return Permute(apart, {0, 2, 1, 3});
}

Tensor MergeHeads(Tensor x) {
  CheckRank("MergeHeads", x, 4);
  const Shape shape = x.shape();
  return Reshape(Permute(x, {0, 2, 1, 3}),
                 {shape[0], shape[2], shape[1] * shape[3]});
}

}  // namespace unnoise
