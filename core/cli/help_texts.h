// What --help shows below the options of each verb.

#ifndef UNNOISE_CLI_HELP_TEXTS_H_
#define UNNOISE_CLI_HELP_TEXTS_H_

namespace unnoise {

inline constexpr char kAbout[] =
    "unnoise trains small generative models and draws from them. The same seed "
    "is the same run, here and in the browser.";
inline constexpr char kExamples[] =
    "Examples:\n"
    "  unnoise train data=two_moons --steps 2000 --out runs/moons\n"
    "  unnoise sample runs/moons --n 1000 --out samples.npy\n"
    "  unnoise eval runs/moons\n"
    "  unnoise list datasets\n"
    "Each verb has its own --help.";
inline constexpr char kTrainExamples[] =
    "Examples:\n"
    "  unnoise train data=two_moons --steps 2000 --out runs/moons\n"
    "  unnoise train data=points.csv network.width=64 --seed 7\n"
    "  unnoise train data=points.npz data.held_out=0.2\n"
    "  unnoise train runs/moons/experiment.json seed=8 --out runs/moons8\n"
    "  unnoise train data=two_moons --weights net.safetensors --map map.json\n"
    "  unnoise train --resume runs/moons --steps 40000\n"
    "  unnoise train --resume two_moons-2000.safetensors --out runs/moons\n"
    "Fields and their defaults: unnoise describe. Ctrl-C saves; --resume goes "
    "on,\nalso with a run that was downloaded from the page.";
inline constexpr char kSampleExamples[] =
    "Examples:\n"
    "  unnoise sample runs/moons --n 1000 --out samples.npy\n"
    "  unnoise sample runs/moons sampler=ddpm sampler.steps=200 --seed 3\n"
    "  unnoise sample runs/moons --n 500 --trajectory trajectory.npy\n"
    "  unnoise sample exact data=mixture_1d path=cosine sampler=ddim --n 1000\n"
    "  unnoise sample runs/moons --truth --out truth.npy\n"
    "Arrays: samples [n, dim], trajectory [times, n, dim] from noise to data, "
    "both "
    "in the\nunits of the data, float32 or --dtype (float64 holds the same "
    "numbers); trajectory.json\ntells the times. Names that end in .npz, .csv "
    "or .tsv give these formats instead, with\nthe times in the same file.";
inline constexpr char kFieldExamples[] =
    "Examples:\n"
    "  unnoise field runs/moons --t 0.5 --out field.csv\n"
    "  unnoise field runs/moons --t 0.3 --grid 64x48 --window -2,3,-1.5,2 "
    "--out field.npy\n"
    "  unnoise field runs/moons --t 0.9 --to step sampler.steps=20\n"
    "A line a node: x,y,dx,dy in the units of the data, rows from the bottom "
    "up; .npy\nholds the same as [nodes, 4], float32 or --dtype. With more "
    "than "
    "two coordinates\nthe others are at the data's mean.";
inline constexpr char kRenderExamples[] =
    "Examples:\n"
    "  unnoise render runs/moons --out moons.png\n"
    "  unnoise render runs/moons --view density --theme dark --out moons.svg\n"
    "  unnoise render runs/moons --view loss --log --out loss.png\n"
    "  unnoise render runs/moons --out moons.gif\n"
    "  unnoise render runs/moons sampler.steps=100 --out moons.html\n"
    "Views: scatter, density, loss, denoising, noising. The last two move in "
    "gif and html,\nand are a strip of moments in png and svg. The html is a "
    "player in one file.";
inline constexpr char kEncodeExamples[] =
    "Examples:\n"
    "  unnoise encode runs/moons --in points.npy --out noise.npy\n"
    "  unnoise encode exact data=two_moons path=ve --n 500 --round-trip\n"
    "  unnoise encode runs/moons sampler=ode sampler.method=rk4 "
    "sampler.steps=200\n"
    "By the samplers ode and dopri5 (default), whose steps lead both ways. The "
    "noise [n, dim]\nis in the units of the model, near N(0, 1) or, where the "
    "variance explodes, N(0, sigma^2).";
inline constexpr char kLikelihoodExamples[] =
    "Examples:\n"
    "  unnoise likelihood runs/moons\n"
    "  unnoise likelihood runs/moons --in points.npy --out logp.npy\n"
    "  unnoise likelihood runs/moons --truth --json\n"
    "  unnoise likelihood exact data=swiss_roll_3d --divergence rademacher "
    "--probes 8\n"
    "Log densities in nats, in data units, of the law that the model has at "
    "t_min: that of data\nwith a trace of noise, of which the points are "
    "taken as they are. Beside it stands what\nthe law itself says of the "
    "same points. By the samplers ode and dopri5 (default).";
inline constexpr char kInterpolateExamples[] =
    "Examples:\n"
    "  unnoise interpolate runs/moons --from [-1,0] --to [2,0.5] --out "
    "way.csv\n"
    "  unnoise interpolate runs/moons --from 3 --to 8 --seed 1 --n 50\n"
    "  unnoise interpolate exact data=two_moons --in points.npy --from 0 --to "
    "7 --way linear\n"
    "Points are encoded as by unnoise encode, and each point of the way "
    "between their noises is\ndecoded; samples of the seed begin where those "
    "of unnoise sample do. [n, dim] in data units.";
inline constexpr char kEvalExamples[] =
    "Examples:\n"
    "  unnoise eval runs/moons\n"
    "  unnoise eval runs/moons --n 10000 --metrics mmd,w2_exact --json\n"
    "Metrics and what they mean: unnoise list metrics.";
inline constexpr char kCompareExamples[] =
    "Examples:\n"
    "  unnoise compare samples.npy data.csv\n"
    "  unnoise compare a.npy b.npy --metrics w2_exact,w2_sinkhorn --json\n"
    "Points are compared as they are, in their own units. Two sets of one law "
    "are apart\ntoo: compare two sets of data to see how far. What the names "
    "mean: unnoise list distances.";
inline constexpr char kDivergenceExamples[] =
    "Examples:\n"
    "  unnoise divergence kl,w1 p.weights=[1] p.means=[0] p.stds=[1] "
    "q.weights=[1] \\\n      q.means=[0] q.stds=[2]\n"
    "  unnoise divergence p=gaussian_mixture q=gaussian_grid q.std=0.3 --n "
    "10000\n"
    "p and q are data sets whose density is known, with their fields, in data "
    "units\n(default: mixture_1d). By quadrature, and for two normal laws in "
    "closed form too.\nWhat the names mean: unnoise list divergences.";
inline constexpr char kFingerprintExamples[] =
    "Example:\n"
    "  unnoise fingerprint runs/moons";
inline constexpr char kProcessExamples[] =
    "Examples:\n"
    "  unnoise process brownian_motion steps=1024 --n 20 --out paths.npy\n"
    "  unnoise process ornstein_uhlenbeck rate=2 sigma=0.5 x0=[3] t_max=4\n"
    "  unnoise process double_well --n 500 --frames 51 --out wells.csv\n"
    "  unnoise process double_well --frames 201 --density density.npy\n"
    "Arrays: paths [times, n, dim], float32 or --dtype; beside an .npy, a "
    ".json "
    "tells the\ntimes, the fields, and mean and covariance where a closed form "
    "is known. Names that end\nin .npz, .csv or .tsv hold the times "
    "themselves. --density writes the law too, moved by\nFokker and Planck's "
    "equation or by what else is known: density [times, cells], of "
    "states\nprobabilities; its .json tells cells and moments. Names: unnoise "
    "list processes.";
inline constexpr char kSolversExamples[] =
    "Examples:\n"
    "  unnoise solvers exact data=two_moons --samplers ddim,ode,deis\n"
    "  unnoise solvers exact data=rings path=straight --samplers \"ddim; ode "
    "method=rk4\" \\\n      --steps 5,10,20,40,80 --out errors.csv\n"
    "  unnoise solvers runs/moons --error law --n 2000 --seed 1\n"
    "All start from the same points, those of unnoise sample with this seed. "
    "paths: how far\nsamples end from where the probability-flow ODE takes "
    "their starts (root mean square;\nof samplers without chance). law: the "
    "root of the energy distance to fresh data.\nBelow the floor an error says "
    "nothing. In the units of the data.";
inline constexpr char kListExamples[] =
    "Examples:\n"
    "  unnoise list datasets\n"
    "  unnoise list samplers --json";
inline constexpr char kDescribeExamples[] =
    "Examples:\n"
    "  unnoise describe\n"
    "  unnoise describe --json";

}  // namespace unnoise

#endif  // UNNOISE_CLI_HELP_TEXTS_H_
