//! Arithmetic compiled for the widest vectors that the processor has, and the smooth functions of the model.
//!
//! A piece of work is written once in plain Rust and compiled three times: for any processor, and for AVX2 with fused
//! multiply-add and for AVX-512 where these are found at run time. Only the products of matrices fuse, so only their
//! last bits can differ from one kind of processor to another, and with AVX-512 not even these differ from AVX2; the
//! functions here are plain sums, products and quotients.

/// Work on slices of numbers whose loops the compiler turns into vector instructions.
pub(super) trait Work {
    /// Does it. `FUSED`: whether multiply-add is one instruction here; `LONG`: whether there are 32 registers of
    /// sixteen numbers. Neither may change the order in which numbers are added up. Implementations are
    /// `#[inline(always)]`, so that they are compiled for the processor of their caller.
    fn run<const FUSED: bool, const LONG: bool>(self);
}

/// Does the work with the best instructions at hand.
#[cfg(target_arch = "x86_64")]
#[allow(
    unsafe_code,
    reason = "the processor is asked, in the line before each, whether it has what the function needs"
)]
pub(super) fn run(work: impl Work) {
    if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("fma") {
        // SAFETY: `run_long` needs AVX-512F and FMA and nothing else, and both are there.
        unsafe { run_long(work) }
    } else if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        // SAFETY: `run_wide` needs AVX2 and FMA and nothing else, and both are there.
        unsafe { run_wide(work) }
    } else {
        work.run::<false, false>();
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,fma")]
fn run_long(work: impl Work) {
    work.run::<true, true>();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn run_wide(work: impl Work) {
    work.run::<true, false>();
}

/// Does the work; fused multiply-add belongs to every such processor.
#[cfg(target_arch = "aarch64")]
pub(super) fn run(work: impl Work) {
    work.run::<true, false>();
}

/// Does the work.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(super) fn run(work: impl Work) {
    work.run::<false, false>();
}

/// `a * b + c`, with one rounding where `FUSED`.
#[inline(always)]
pub(super) fn multiply_add<const FUSED: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
}

/// The hyperbolic tangent, within 5e-7: the quotient of two polynomials that Eigen uses.
#[inline(always)]
pub(super) fn tanh(x: f32) -> f32 {
    const ODD: [f32; 6] = [2.000_188e-13, -8.604_672e-11, 5.122_297e-8, 1.485_722_4e-5, 6.372_619_3e-4, 4.893_524_6e-3];
    let x = x.clamp(-7.905_311, 7.905_311);
    let square = x * x;
    let odd = ODD.iter().fold(-2.760_768_5e-16, |sum, factor| sum * square + factor);
    let even = ((1.198_258_4e-6 * square + 1.185_347e-4) * square + 2.268_434_6e-3) * square + 4.893_525e-3;
    x * odd / even
}

/// `1 / (1 + exp(-x))`, within 5e-7.
#[inline(always)]
pub(super) fn sigmoid(x: f32) -> f32 {
    0.5 * tanh(0.5 * x) + 0.5
}

/// The error function, within 5e-7: the quotient of two polynomials that Eigen uses.
#[inline(always)]
pub(super) fn erf(x: f32) -> f32 {
    const ODD: [f32; 6] =
        [2.770_681_4e-8, -2.101_024e-6, -5.692_506_4e-5, -7.349_906_3e-4, -2.954_6e-3, -1.609_603_3e-2];
    const EVEN: [f32; 4] = [-2.133_740_6e-4, -1.682_827e-3, -7.373_329_3e-3, -1.426_473_9e-2];
    let x = x.clamp(-4.0, 4.0);
    let square = x * x;
    let odd = ODD.iter().fold(-2.726_142_3e-10, |sum, factor| sum * square + factor);
    let even = EVEN.iter().fold(-1.456_607_2e-5, |sum, factor| sum * square + factor);
    x * odd / even
}

/// `exp(x)` for `x <= 0`, within 2e-7 of it relatively; 0 below -87.
///
/// Two to the whole part times a polynomial of the rest; no call of a platform's library, whose last bits vary.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    const TERMS: [f32; 5] = [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5];
    if x < -87.0 {
        return 0.0;
    }
    let whole = (x * std::f32::consts::LOG2_E).round();
    let rest = (x - whole * 0.693_359_4) + whole * 2.121_944_4e-4;
    let tail = TERMS.iter().fold(1.987_569_1e-4, |sum, term| sum * rest + term);
    let mantissa = tail * rest * rest + rest + 1.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "-126 to 1 after the test above")]
    let power = f32::from_bits(((whole as i32 + 127) as u32) << 23);
    mantissa * power
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The Taylor series where it converges fast enough for 53 bits; beyond, one.
    fn erf_series(x: f64) -> f64 {
        if x.abs() > 4.5 {
            return x.signum();
        }
        let (mut term, mut sum) = (x, x);
        for n in 1..120 {
            term *= -x * x / f64::from(n);
            sum += term / f64::from(2 * n + 1);
        }
        sum * std::f64::consts::FRAC_2_SQRT_PI
    }

    #[test]
    fn smooth_functions_are_close() {
        for step in -4000..=4000 {
            let x = step as f32 * 0.005;
            let wide = f64::from(x);
            assert!((f64::from(tanh(x)) - wide.tanh()).abs() < 5e-7, "tanh {x}");
            assert!((f64::from(sigmoid(x)) - 1.0 / (1.0 + (-wide).exp())).abs() < 5e-7, "sigmoid {x}");
            assert!((f64::from(erf(x)) - erf_series(wide)).abs() < 5e-7, "erf {x}");
            let below = wide.min(0.0);
            assert!((f64::from(exp(x.min(0.0))) / below.exp() - 1.0).abs() < 3e-7, "exp {x}");
        }
        assert_eq!((exp(-100.0), exp(f32::NEG_INFINITY)), (0.0, 0.0));
    }
}
