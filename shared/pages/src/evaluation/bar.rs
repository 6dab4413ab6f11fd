//! A bar of a small picture of results, and the figures beside it in words. All bars of a page have one scale.

/// A bar as long as this count's share of all, as SVG. It says nothing that doesn't stand beside it in figures.
pub fn bar(count: u32, of: u32) -> String {
    let share = hundredths_of_percent(count, of);
    let filled = if count == 0 {
        String::new()
    } else {
        // However small a share is, it is drawn with a width.
        let width = share.max(50);
        format!("<rect class=\"share-of\" width=\"{}.{:02}%\" height=\"12\" y=\"1\"/>", width / 100, width % 100)
    };
    format!(
        "<svg class=\"tally\" width=\"100%\" height=\"14\" aria-hidden=\"true\" focusable=\"false\">\
         <rect class=\"all\" width=\"100%\" height=\"12\" y=\"1\"/>{filled}</svg>"
    )
}

/// A share in percent, to the nearest.
pub fn share_words(count: u32, of: u32) -> String {
    format!("{} %", (hundredths_of_percent(count, of) + 50) / 100)
}

/// A mean of steps: `4.37 of 5`.
pub fn mean_words(hundredths: u32) -> String {
    format!("{}.{:02} of 5", hundredths / 100, hundredths % 100)
}

fn hundredths_of_percent(count: u32, of: u32) -> u64 {
    (u64::from(count.min(of)) * 10_000).checked_div(u64::from(of)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_share_and_never_vanishes() {
        assert!(bar(1, 3).contains("class=\"share-of\" width=\"33.33%\""), "{}", bar(1, 3));
        assert!(bar(1, 20_000).contains("width=\"0.50%\"") && !bar(0, 3).contains("share-of"));
        assert!(bar(7, 7).contains("class=\"share-of\" width=\"100.00%\"") && !bar(1, 0).contains("NaN"));
        assert_eq!(
            [share_words(2, 3), share_words(0, 0), mean_words(437), mean_words(500)],
            ["67 %", "0 %", "4.37 of 5", "5.00 of 5"]
        );
    }
}
