//! Rules of credit against what boards say: every vector of `data/credits`, each by the shape that it has.

use domain::{
    credit_type::{Rounding, Rule, credit},
    event::{Span, spans},
    hours::CreditHours,
};
use proptest::prelude::*;
use serde_json::Value;

const VECTORS: &str = include_str!("data/credits/credits.json");

/// A JSON number as hundredths, without a detour over floats.
fn hundredths(value: &Value) -> u32 {
    let text = value.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    format!("{whole}{fraction:0<2}").parse().unwrap()
}

fn numbers(value: &Value) -> Vec<u64> {
    value.as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).collect()
}

fn rule(input: &Value, step: Option<&Value>, rounding: Rounding) -> Rule {
    Rule {
        minutes_per_credit: input["unit"].as_u64().map_or(60, |unit| u16::try_from(unit).unwrap()),
        increment: step.map(|step| CreditHours::from_hundredths(hundredths(step)).unwrap()),
        rounding,
        minimum_minutes: input["minimum"].as_u64().map_or(0, |least| u16::try_from(least).unwrap()),
        first_credit_whole: false,
    }
}

#[track_caller]
fn check(id: &str, minutes: u64, rule: &Rule, expected: &Value) {
    let credit = credit(minutes * 60, rule);
    assert_eq!(credit.hundredths(), hundredths(expected), "{id}, {minutes} minutes: {}", credit.arithmetic);
}

#[test]
fn every_vector_of_what_boards_say_is_met() {
    let vectors: Vec<Value> = serde_json::from_str(VECTORS).unwrap();
    let mut met = Vec::new();
    for vector in &vectors {
        let (id, input, expected) = (vector["id"].as_str().unwrap(), &vector["input"], &vector["expected"]);
        let rounding = || Rounding::parse(input["round"].as_str().unwrap()).unwrap();
        match id {
            // A day less its breaks.
            "cr-01" => {
                let net = input["total"].as_u64().unwrap() - numbers(&input["breaks"]).iter().sum::<u64>();
                assert_eq!(net, expected["net"].as_u64().unwrap());
                check(id, net, &rule(input, Some(&input["step"]), rounding()), &expected["credits"]);
            }
            // Minutes and what they yield.
            "cr-03" | "cr-05" | "cr-11" => {
                let rule = rule(input, Some(&input["step"]), rounding());
                let credits = expected["credits"].as_array().unwrap();
                let minutes = numbers(&input["net"]);
                assert_eq!(minutes.len(), credits.len());
                for (minutes, expected) in minutes.into_iter().zip(credits) {
                    check(id, minutes, &rule, expected);
                }
            }
            // Sessions with breaks between them, as they lie on a day.
            "cr-07" => {
                let break_minutes = input["breaks_between"].as_i64().unwrap();
                let mut from = 0;
                let sessions = numbers(&input["sessions"]).into_iter().map(|minutes| {
                    let span = Span { from, to: from + i64::try_from(minutes * 60).unwrap() };
                    from = span.to + break_minutes * 60;
                    span
                });
                let net = spans::seconds(&spans::union(sessions)) / 60;
                assert_eq!(net, expected["net"].as_u64().unwrap());
                check(id, net, &rule(input, None, Rounding::Down), &expected["hours"]);
            }
            // The same minutes in two kinds of steps.
            "cr-09" => {
                let steps = input["step"].as_array().unwrap();
                for (step, name) in steps.iter().zip(["credits_step_0_2", "credits_step_0_5"]) {
                    let by_minimum = rule(input, Some(step), rounding());
                    let by_first_credit = Rule { minimum_minutes: 0, first_credit_whole: true, ..by_minimum };
                    let credits = expected[name].as_array().unwrap();
                    assert_eq!(credits.len(), numbers(&input["net"]).len());
                    for (minutes, expected) in numbers(&input["net"]).into_iter().zip(credits) {
                        check(id, minutes, &by_minimum, expected);
                        check(id, minutes, &by_first_credit, expected);
                    }
                }
            }
            // A speaker: attendance is what isn't spoken, and what is spoken counts four times.
            "cr-13" => {
                let speaking = input["speaking"].as_u64().unwrap();
                let attended = input["program"].as_u64().unwrap() - speaking;
                assert_eq!(attended, expected["attendance_minutes"].as_u64().unwrap());
                let rule = rule(input, Some(&input["step"]), Rounding::Down);
                check(id, attended, &rule, &expected["attendance_credits"]);
                check(id, 4 * speaking, &rule, &expected["speaking_credits"]);
            }
            other => panic!("nobody has said how {other} is checked"),
        }
        met.push(id);
    }
    assert_eq!(met, ["cr-01", "cr-03", "cr-05", "cr-07", "cr-09", "cr-11", "cr-13"]);
}

fn quarter_hours(rounding: Rounding) -> Rule {
    Rule {
        minutes_per_credit: 60,
        increment: CreditHours::from_hundredths(25),
        rounding,
        minimum_minutes: 0,
        first_credit_whole: false,
    }
}

#[test]
fn the_arithmetic_can_be_followed() {
    let arithmetic = |minutes: u64, rule: Rule| credit(minutes * 60, &rule).arithmetic;
    let nasba = Rule {
        minutes_per_credit: 50,
        increment: CreditHours::from_hundredths(20),
        rounding: Rounding::Down,
        minimum_minutes: 0,
        first_credit_whole: true,
    };
    assert_eq!(arithmetic(80, nasba), "80 minutes ÷ 50 = 1.60; in steps of 0.20, rounded down: 1.60");
    assert_eq!(arithmetic(49, nasba), "49 minutes ÷ 50 = 0.98; less than the first full credit: 0.00");
    let nearest = quarter_hours(Rounding::Nearest);
    assert_eq!(arithmetic(80, nearest), "80 minutes ÷ 60 = 1.3333…; in steps of 0.25, rounded to the nearest: 1.25");
    let least = Rule { minimum_minutes: 60, increment: None, ..quarter_hours(Rounding::Down) };
    assert_eq!(arithmetic(59, least), "59 minutes is less than the least of 60 minutes: 0.00");
    assert_eq!(arithmetic(80, least), "80 minutes ÷ 60 = 1.3333…; in hundredths, rounded down: 1.33");
    assert_eq!(
        credit(3_601, &least).arithmetic,
        "60 minutes 1 second ÷ 60 = 1.0002…; in hundredths, rounded down: 1.00"
    );
}

#[test]
fn half_a_step_is_rounded_up_and_a_second_less_isnt() {
    let nearest = quarter_hours(Rounding::Nearest);
    assert_eq!(credit(4_050, &nearest).amount(), "1.25");
    assert_eq!(credit(4_049, &nearest).amount(), "1.00");
    assert_eq!(credit(3_601, &quarter_hours(Rounding::Up)).amount(), "1.25");
    assert_eq!(credit(4_499, &quarter_hours(Rounding::Down)).amount(), "1.00");
}

proptest! {
    #[test]
    fn no_credit_comes_or_goes_beyond_one_step(
        seconds in 0u64..2_000_000,
        minutes in 1u16..=960,
        step in 1u32..=200,
    ) {
        let rule = |rounding| Rule {
            minutes_per_credit: minutes,
            increment: CreditHours::from_hundredths(step),
            rounding,
            minimum_minutes: 0,
            first_credit_whole: false,
        };
        let yields = |rounding| u64::from(credit(seconds, &rule(rounding)).hundredths());
        let (down, nearest, up) = (yields(Rounding::Down), yields(Rounding::Nearest), yields(Rounding::Up));
        prop_assume!(up < u64::from(CreditHours::MAX.hundredths()));
        prop_assert!(down <= nearest && nearest <= up && up - down <= u64::from(step));
        prop_assert!([down, nearest, up].iter().all(|amount| amount % u64::from(step) == 0));
        let per_credit = u64::from(minutes) * 60;
        prop_assert!(down * per_credit <= seconds * 100 && seconds * 100 <= up * per_credit);
    }
}
