//! Vertical bars as SVG, with a scale that ends at a round number.

use std::fmt::Write;

use super::escape::escaped;
use crate::numbers::thousands;

const WIDTH: u64 = 1_000;
const HEIGHT: u64 = 260;
const LEFT: u64 = 70;
const TOP: u64 = 12;
const BOTTOM: u64 = 30;
/// About how many labels are shown under the bars.
const LABELS: usize = 8;
const STEPS: u64 = 4;

/// A chart of labelled bars; a screen reader reads `description`.
pub(super) fn bars(rows: &[(String, u64)], width: u64, description: &str) -> String {
    let width = width.min(WIDTH);
    let (plot_width, plot_height) = (width - LEFT, HEIGHT - TOP - BOTTOM);
    let top = round_up(rows.iter().map(|(_, value)| *value).max().unwrap_or(0));
    let mut svg =
        format!("<svg viewBox=\"0 0 {width} {HEIGHT}\" role=\"img\" aria-label=\"{}\">", escaped(description));
    for step in 0..=STEPS {
        let y = TOP + plot_height - plot_height * step / STEPS;
        let _ = write!(
            svg,
            "<line class=\"axis\" x1=\"{LEFT}\" x2=\"{width}\" y1=\"{y}\" y2=\"{y}\"/>\
             <text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
            LEFT - 8,
            y + 4,
            thousands(top / STEPS * step)
        );
    }
    let slot = plot_width as f64 / rows.len().max(1) as f64;
    let every = rows.len().div_ceil(LABELS * width as usize / WIDTH as usize).max(1);
    for (index, (label, value)) in rows.iter().enumerate() {
        let x = LEFT as f64 + slot * index as f64;
        let height = (*value as f64 / top as f64 * plot_height as f64).max(if *value > 0 { 1.5 } else { 0.0 });
        let y = (TOP + plot_height) as f64 - height;
        let (label, value) = (escaped(label), thousands(*value));
        let _ = write!(
            svg,
            "<rect class=\"bar\" x=\"{:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{height:.1}\"><title>{label}: {value}</title></rect>",
            x + slot * 0.1,
            slot * 0.8
        );
        if index.is_multiple_of(every) {
            let _ = write!(
                svg,
                "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{label}</text>",
                x + slot / 2.0,
                HEIGHT - 8
            );
        }
    }
    svg.push_str("</svg>");
    svg
}

/// The smallest of 4, 8, 12, 20, 40, 80, 120 … that is not below `value`. A quarter of it is a round number, too.
fn round_up(value: u64) -> u64 {
    let mut power = 1_u64;
    loop {
        for factor in [4, 8, 12, 20] {
            if power.saturating_mul(factor) >= value {
                return power.saturating_mul(factor);
            }
        }
        power = power.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_ends_at_a_round_number_that_no_bar_passes() {
        for (value, top) in [(0, 4), (4, 4), (5, 8), (13, 20), (21, 40), (81, 120), (1_999, 2_000), (2_001, 4_000)] {
            assert_eq!(round_up(value), top);
        }
        assert!(round_up(u64::MAX) == u64::MAX);
    }

    #[test]
    fn labels_are_escaped() {
        assert!(bars(&[("<script>".into(), 1)], WIDTH, "\"<b>").contains("&lt;script&gt;: 1"));
    }
}
