// The conformance table, whole.

#ifndef UNNOISE_TESTS_CORE_AUTODIFF_ALL_ROWS_H_
#define UNNOISE_TESTS_CORE_AUTODIFF_ALL_ROWS_H_

#include "tests/core/autodiff/rows_activation.h"
#include "tests/core/autodiff/rows_attention.h"
#include "tests/core/autodiff/rows_batch_product.h"
#include "tests/core/autodiff/rows_conv.h"
#include "tests/core/autodiff/rows_elementwise.h"
#include "tests/core/autodiff/rows_gather.h"
#include "tests/core/autodiff/rows_layout.h"
#include "tests/core/autodiff/rows_linalg.h"
#include "tests/core/autodiff/rows_normalise.h"
#include "tests/core/autodiff/rows_product.h"
#include "tests/core/autodiff/rows_reduce.h"
#include "tests/core/autodiff/rows_resize.h"
#include "tests/core/autodiff/rows_softmax.h"

namespace unnoise {

inline std::vector<OpRow> OpRows() {
  using namespace op_rows;
  std::vector<OpRow> all;
  for (auto rows : {ActivationRows(), AttentionRows(), BatchProductRows(),
                    ConvRows(), ElementwiseRows(), GatherRows(), LayoutRows(),
                    LinalgRows(), NormaliseRows(), ProductRows(), ReduceRows(),
                    ResizeRows(), SoftmaxRows()}) {
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

}  // namespace unnoise

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_ALL_ROWS_H_
