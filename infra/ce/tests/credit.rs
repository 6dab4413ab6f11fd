//! `ce credit` by its contract: exit codes, JSON and the arithmetic.

use serde_json::Value;
use std::process::{Command, Output};

const CE: &str = env!("CARGO_BIN_EXE_ce");

fn ce(arguments: &str) -> Output {
    Command::new(CE).arg("credit").args(arguments.split_whitespace()).output().unwrap()
}

fn json(arguments: &str) -> (i32, Value) {
    let output = ce(&format!("{arguments} --json"));
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn credit_is_counted_by_the_rule_that_is_given() {
    let check = |arguments: &str, expected: &str| {
        let (exit, answer) = json(arguments);
        assert_eq!((exit, answer["credit"].as_str()), (0, Some(expected)), "{arguments}: {answer}");
        assert!(answer["arithmetic"].as_str().unwrap().ends_with(expected), "{answer}");
        assert_eq!(answer.as_object().unwrap().len(), 2);
    };
    check("--minutes 80 --minutes-per-credit 50 --increment 0.2 --rounding down", "1.60");
    check("--minutes 80 --minutes-per-credit 50 --increment .5 --rounding down", "1.50");
    check("--minutes 80 --minutes-per-credit 60 --increment 0.25 --rounding nearest", "1.25");
    check("--minutes 80 --minutes-per-credit 60 --increment 1 --rounding up", "2.00");
    check("--minutes 80 --minutes-per-credit 60 --rounding down", "1.33");
    check("--minutes 80 --minutes-per-credit 60 --rounding up", "1.34");
    check("--minutes 59 --minutes-per-credit 60 --rounding down --minimum-minutes 60", "0.00");
    check("--minutes 0 --minutes-per-credit 60 --rounding up", "0.00");
}

#[test]
fn without_json_the_credit_stands_above_its_arithmetic() {
    let output = ce("--minutes 80 --minutes-per-credit 50 --increment 0.2 --rounding down");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text, "1.60\n80 minutes ÷ 50 = 1.60; in steps of 0.20, rounded down: 1.60\n");
}

#[test]
fn what_cant_be_counted_is_refused_with_a_sentence() {
    let good = [
        ("--minutes", "80"),
        ("--minutes-per-credit", "50"),
        ("--increment", "0.2"),
        ("--rounding", "down"),
        ("--minimum-minutes", "60"),
    ];
    for (option, bad, code) in [
        ("--minutes", "-1", "bad_minutes"),
        ("--minutes", "80.5", "bad_minutes"),
        ("--minutes", "99999999999", "bad_minutes"),
        ("--minutes-per-credit", "0", "bad_minutes_per_credit"),
        ("--increment", "0", "bad_increment"),
        ("--increment", "0.333", "bad_increment"),
        ("--rounding", "sideways", "bad_rounding"),
        ("--minimum-minutes", "x", "bad_minimum_minutes"),
    ] {
        let arguments: Vec<String> =
            good.iter().map(|(name, value)| format!("{name} {}", if *name == option { bad } else { value })).collect();
        let (exit, answer) = json(&arguments.join(" "));
        assert_eq!((exit, answer["error"]["code"].as_str()), (2, Some(code)), "{option} {bad}");
        assert!(answer["error"]["text"].as_str().unwrap().ends_with('.'));
    }
    let missing = ce("--minutes 80");
    assert_eq!(missing.status.code(), Some(2));
}
