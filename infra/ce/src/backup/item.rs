//! An item of the table as DynamoDB writes it in JSON, with its attributes in order: the same item is the same line.

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// An item.
pub(super) type Item = HashMap<String, AttributeValue>;

/// The line of an item; `None` for a kind of value that isn't known.
pub(super) fn to_line(item: &Item) -> Option<String> {
    attributes_to_json(item).map(|item| item.to_string())
}

/// The item of a line; `None` where it is none.
pub(super) fn from_line(line: &str) -> Option<Item> {
    attributes_from_json(serde_json::from_str(line).ok()?)
}

// A map of serde_json's is in order.
fn attributes_to_json(item: &Item) -> Option<Value> {
    item.iter()
        .map(|(name, value)| Some((name.clone(), to_json(value)?)))
        .collect::<Option<Map<_, _>>>()
        .map(Value::Object)
}

fn attributes_from_json(json: Value) -> Option<Item> {
    let Value::Object(item) = json else { return None };
    item.into_iter().map(|(name, value)| Some((name, from_json(value)?))).collect()
}

fn to_json(value: &AttributeValue) -> Option<Value> {
    let hex = |bytes: &Blob| hex::encode(bytes.as_ref());
    // Sets have no order of their own.
    let sorted = |mut set: Vec<String>| {
        set.sort();
        set
    };
    Some(match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(is) => json!({ "BOOL": is }),
        AttributeValue::Null(is) => json!({ "NULL": is }),
        AttributeValue::B(bytes) => json!({ "B": hex(bytes) }),
        AttributeValue::Ss(set) => json!({ "SS": sorted(set.clone()) }),
        AttributeValue::Ns(set) => json!({ "NS": sorted(set.clone()) }),
        AttributeValue::Bs(set) => json!({ "BS": sorted(set.iter().map(hex).collect()) }),
        AttributeValue::L(list) => json!({ "L": list.iter().map(to_json).collect::<Option<Vec<_>>>()? }),
        AttributeValue::M(map) => json!({ "M": attributes_to_json(map)? }),
        _ => return None,
    })
}

fn from_json(json: Value) -> Option<AttributeValue> {
    let Value::Object(tagged) = json else { return None };
    let (tag, value) = tagged.into_iter().next()?;
    let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
    let texts = |value: &Value| value.as_array()?.iter().map(text).collect::<Option<Vec<_>>>();
    let blob = |text: &String| hex::decode(text).ok().map(Blob::new);
    Some(match tag.as_str() {
        "S" => AttributeValue::S(text(&value)?),
        "N" => AttributeValue::N(text(&value)?),
        "BOOL" => AttributeValue::Bool(value.as_bool()?),
        "NULL" => AttributeValue::Null(value.as_bool()?),
        "B" => AttributeValue::B(blob(&text(&value)?)?),
        "SS" => AttributeValue::Ss(texts(&value)?),
        "NS" => AttributeValue::Ns(texts(&value)?),
        "BS" => AttributeValue::Bs(texts(&value)?.iter().map(blob).collect::<Option<_>>()?),
        "L" => {
            let Value::Array(list) = value else { return None };
            AttributeValue::L(list.into_iter().map(from_json).collect::<Option<_>>()?)
        }
        "M" => AttributeValue::M(attributes_from_json(value)?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_comes_back_and_the_same_item_is_the_same_line() {
        let set = |values: [&str; 2]| values.map(str::to_owned).to_vec();
        let item = Item::from([
            ("pk".to_owned(), AttributeValue::S("LICENCE#1\n\"\u{1F600}".to_owned())),
            ("hundredths".to_owned(), AttributeValue::N("99999999999999999999999999999999999999".to_owned())),
            ("is".to_owned(), AttributeValue::Bool(false)),
            ("none".to_owned(), AttributeValue::Null(true)),
            ("bytes".to_owned(), AttributeValue::B(Blob::new([0, 255]))),
            ("names".to_owned(), AttributeValue::Ss(set(["b", "a"]))),
            ("numbers".to_owned(), AttributeValue::Ns(set(["2", "1"]))),
            ("blobs".to_owned(), AttributeValue::Bs(vec![Blob::new([2]), Blob::new([1])])),
            ("list".to_owned(), AttributeValue::L(vec![AttributeValue::M(HashMap::new()), AttributeValue::L(vec![])])),
            ("map".to_owned(), AttributeValue::M(HashMap::from([("x".to_owned(), AttributeValue::S(String::new()))]))),
        ]);
        let line = to_line(&item).unwrap();
        assert!(!line.contains('\n'));
        let back = from_line(&line).unwrap();
        assert_eq!(back.len(), item.len());
        assert_eq!(to_line(&back).unwrap(), line);
        assert!(line.contains(r#""N":"99999999999999999999999999999999999999""#) && line.contains(r#""SS":["a","b"]"#));
        for broken in ["", "[]", "{\"pk\":\"x\"}", "{\"pk\":{\"Q\":1}}", "{\"pk\":{\"N\":1}}"] {
            assert_eq!(from_line(broken), None, "{broken}");
        }
    }
}
