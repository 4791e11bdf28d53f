//! Small sums of reports: medians, percentiles, shares.
//!
//! Not here: what is counted (`store`) and how it is worded (`compose`).

use super::Terms;

/// The middle value; of two middle ones their mean, rounded down. None of nothing.
pub fn median(values: &[i64]) -> Option<i64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(middle.checked_sub(1)?)?;
    i64::try_from((i128::from(lower) + i128::from(upper)).div_euclid(2)).ok()
}

/// The smallest value that at least `percent` of all do not exceed (nearest rank); `percent` is cut to 1..=100.
pub fn percentile(values: &[i64], percent: u8) -> Option<i64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * usize::from(percent.clamp(1, 100))).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

/// `part` of `whole` in whole per cent. Only everything is 100 and only nothing is 0: «100 %» beside one missed term would
/// be untrue. None where there is nothing to share.
pub fn percent(part: u32, whole: u32) -> Option<u32> {
    if whole == 0 {
        return None;
    }
    let (part, whole) = (u64::from(part.min(whole)), u64::from(whole));
    let rounded = (part * 200 + whole) / (whole * 2);
    let honest = match rounded {
        100 if part < whole => 99,
        0 if part > 0 => 1,
        rounded => rounded,
    };
    u32::try_from(honest).ok()
}

impl Terms {
    /// Terms kept by the clock, in per cent of those that ended.
    pub fn percent_literal(&self) -> Option<u32> {
        percent(self.kept_literal, self.ended)
    }

    /// Terms kept in presence hours, likewise.
    pub fn percent_office(&self) -> Option<u32> {
        percent(self.kept_office, self.ended)
    }
}
