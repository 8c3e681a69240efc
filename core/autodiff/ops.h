// The ops that models and losses are written in, all of them. All tensors of a
// call are on one tape; every op throws ShapeError that names it, what it
// expected and what it got. Elements that are not finite pass through.

#ifndef UNNOISE_AUTODIFF_OPS_H_
#define UNNOISE_AUTODIFF_OPS_H_

#include "core/autodiff/activation.h"
#include "core/autodiff/attention.h"
#include "core/autodiff/batch_product.h"
#include "core/autodiff/conv.h"
#include "core/autodiff/elementwise.h"
#include "core/autodiff/gather.h"
#include "core/autodiff/layout.h"
#include "core/autodiff/linalg.h"
#include "core/autodiff/normalise.h"
#include "core/autodiff/product.h"
#include "core/autodiff/random.h"
#include "core/autodiff/reduce.h"
#include "core/autodiff/resize.h"
#include "core/autodiff/softmax.h"

#endif  // UNNOISE_AUTODIFF_OPS_H_
