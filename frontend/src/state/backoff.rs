//! How long to wait before the next try after a failed one.

/// The wait after the first failed try.
pub const FIRST_WAIT_MS: u64 = 1_000;
/// The longest wait. Somebody is looking at the page, so it is short.
pub const WAIT_MS_MAX: u64 = 30_000;

/// The wait in milliseconds after `tries` failed tries in a row: doubled each time, with a jitter of a fifth in both directions so
/// that many pages do not retry in the same instant. `chance` is a random number from 0 to 1.
pub fn wait_ms(tries: u32, chance: f64) -> u64 {
    let doubled = FIRST_WAIT_MS.saturating_mul(1 << tries.saturating_sub(1).min(16)).min(WAIT_MS_MAX);
    (doubled as f64 * (0.8 + 0.4 * chance.clamp(0.0, 1.0))) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_its_bound() {
        let waits: Vec<u64> = (1..=7).map(|tries| wait_ms(tries, 0.5)).collect();
        assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
        assert_eq!(wait_ms(u32::MAX, 0.5), WAIT_MS_MAX);
    }

    #[test]
    fn chance_spreads_the_wait_by_a_fifth_each_way() {
        assert_eq!((wait_ms(1, 0.0), wait_ms(1, 1.0)), (800, 1_200));
    }
}
