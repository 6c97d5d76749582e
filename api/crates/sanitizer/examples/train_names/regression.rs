//! Logistic regression, trained by FTRL-Proximal with L1 (McMahan et al., "Ad Click Prediction", 2013).
//!
//! Only additions, multiplications, divisions and square roots are used, which IEEE 754 defines to the bit, and in a fixed order.

/// How far one example moves a weight.
const RATE: f64 = 0.2;
const RATE_START: f64 = 1.0;
/// The larger, the more weights are 0.
const L1: f64 = 0.35;
const L2: f64 = 0.6;

pub(crate) struct Regression {
    sums: Vec<f64>,
    squares: Vec<f64>,
}

impl Regression {
    pub(crate) fn new(places: usize) -> Self {
        Self { sums: vec![0.0; places], squares: vec![0.0; places] }
    }

    pub(crate) fn weight(&self, place: usize) -> f64 {
        let (sum, squares) = (self.sums[place], self.squares[place]);
        if sum.abs() <= L1 {
            return 0.0;
        }
        let shrunk = if sum > 0.0 { sum - L1 } else { sum + L1 };
        -shrunk / ((RATE_START + squares.sqrt()) / RATE + L2)
    }

    /// Learns one example, as often as `times` says.
    pub(crate) fn learn(&mut self, features: &[u32], is_name: bool, times: f64) {
        let score: f64 = features.iter().map(|place| self.weight(*place as usize)).sum();
        let error = (probability(score) - f64::from(is_name)) * times;
        for place in features {
            let place = *place as usize;
            let weight = self.weight(place);
            let squares = self.squares[place];
            let grown = squares + error * error;
            self.sums[place] += error - (grown.sqrt() - squares.sqrt()) / RATE * weight;
            self.squares[place] = grown;
        }
    }
}

fn probability(score: f64) -> f64 {
    1.0 / (1.0 + exponential(-score.clamp(-30.0, 30.0)))
}

/// e to the power of `x`, the same on every machine; the standard library asks the machine's own. `x` is at most 30 either way.
fn exponential(x: f64) -> f64 {
    const STEPS: usize = 1024;
    // (e^(x / 1024))^1024, by ten squarings of a short series.
    let small = x / STEPS as f64;
    let mut power = 1.0 + small * (1.0 + small / 2.0 * (1.0 + small / 3.0 * (1.0 + small / 4.0)));
    for _ in 0..STEPS.ilog2() {
        power *= power;
    }
    power
}
