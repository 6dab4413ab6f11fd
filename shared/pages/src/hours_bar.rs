//! A bar of hours: what counts, what was brought, what is planned, and what is missing to what is asked. SVG made here; all of it is said
//! in words beside it, and parts are told apart by their pattern, not by colour alone.

/// The parts of a bar, in hundredths of an hour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HoursBar {
    /// What was earned and counts.
    pub counted: u32,
    /// What came over from the cycle before.
    pub brought: u32,
    /// What events that are registered for would add.
    pub planned: u32,
    /// What is asked.
    pub asked: u32,
    /// What counts at most, if there is a limit: the bar is as long then.
    pub most: Option<u32>,
}

impl HoursBar {
    /// The bar. `id` is of letters, digits and hyphens, and no other picture of the page has it.
    pub fn svg(&self, id: &str) -> String {
        let HoursBar { counted, brought, planned, asked, most } = *self;
        let there = counted.saturating_add(brought).saturating_add(planned);
        let whole = there.max(asked).max(most.unwrap_or_default()).max(1);
        let (mut from, mut drawn) = (0u32, String::new());
        for (class, hundredths) in [("counted", counted), ("brought", brought), ("planned", planned)] {
            if hundredths > 0 {
                drawn.push_str(&part(class, id, from, hundredths, whole));
                from += hundredths;
            }
        }
        let missing = asked.saturating_sub(there);
        if missing > 0 {
            drawn.push_str(&part("missing", id, from, missing, whole));
        }
        // Where more is there than is asked, a line says where that ended.
        let end = if asked > 0 && there > asked {
            let x = percent(asked, whole);
            format!("<line class=\"asked\" x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"22\"/>")
        } else {
            String::new()
        };
        let mut patterns = String::new();
        if brought > 0 {
            patterns.push_str(&format!(
                "<pattern id=\"{id}-brought\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
                 <rect class=\"ground\" width=\"6\" height=\"6\"/><path class=\"stripe\" d=\"M0 6L6 0\"/></pattern>"
            ));
        }
        if planned > 0 {
            patterns.push_str(&format!(
                "<pattern id=\"{id}-planned\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">\
                 <circle class=\"dot\" cx=\"2.5\" cy=\"2.5\" r=\"1.1\"/></pattern>"
            ));
        }
        let defs = if patterns.is_empty() { String::new() } else { format!("<defs>{patterns}</defs>") };
        format!(
            "<svg class=\"hours\" width=\"100%\" height=\"22\" aria-hidden=\"true\" focusable=\"false\">{defs}\
             <rect class=\"all\" width=\"100%\" y=\"3\" height=\"16\"/>{drawn}{end}</svg>"
        )
    }
}

fn part(class: &str, id: &str, from: u32, hundredths: u32, whole: u32) -> String {
    let fill = match class {
        "brought" | "planned" => format!(" fill=\"url(#{id}-{class})\""),
        _ => String::new(),
    };
    format!(
        "<rect class=\"{class}\"{fill} x=\"{}\" width=\"{}\" y=\"3\" height=\"16\"/>",
        percent(from, whole),
        percent(hundredths, whole)
    )
}

fn percent(part: u32, whole: u32) -> String {
    let share = u64::from(part) * 10_000 / u64::from(whole.max(1));
    format!("{}.{:02}%", share / 100, share % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_what_is_asked_or_what_is_there() {
        let bar = HoursBar { counted: 600, brought: 100, planned: 100, asked: 1_000, most: None }.svg("a");
        for part in [
            "class=\"counted\" x=\"0.00%\" width=\"60.00%\"",
            "class=\"brought\" fill=\"url(#a-brought)\" x=\"60.00%\" width=\"10.00%\"",
            "class=\"planned\" fill=\"url(#a-planned)\" x=\"70.00%\" width=\"10.00%\"",
            "class=\"missing\" x=\"80.00%\" width=\"20.00%\"",
        ] {
            assert!(bar.contains(part), "{part} in {bar}");
        }
        let over = HoursBar { counted: 1_250, asked: 1_000, ..HoursBar::default() }.svg("b");
        assert!(over.contains("class=\"asked\" x1=\"80.00%\"") && !over.contains("missing"), "{over}");
        let limited = HoursBar { counted: 300, most: Some(1_200), ..HoursBar::default() }.svg("d");
        assert!(limited.contains("class=\"counted\" x=\"0.00%\" width=\"25.00%\""), "{limited}");
        assert!(!HoursBar::default().svg("c").contains("class=\"missing\""));
    }
}
