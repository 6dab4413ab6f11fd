//! JSON in the one form that is signed (RFC 8785): members in order, no blanks. Our names of members are ASCII and our numbers are
//! whole, so neither UTF-16 order nor floats come up.

use serde_json::Value;

/// The canonical bytes of a value.
pub(super) fn bytes(value: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(4_096);
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by(|one, other| one.0.cmp(other.0));
            list(out, b"{}", members, |out, (name, value)| {
                out.extend(Value::from(name.as_str()).to_string().bytes());
                out.push(b':');
                write(value, out);
            });
        }
        Value::Array(values) => list(out, b"[]", values, |out, value| write(value, out)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => out.extend(value.to_string().bytes()),
    }
}

fn list<T>(out: &mut Vec<u8>, ends: &[u8; 2], all: impl IntoIterator<Item = T>, one: impl Fn(&mut Vec<u8>, T)) {
    out.push(ends[0]);
    for (place, each) in all.into_iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        one(out, each);
    }
    out.push(ends[1]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_in_order_and_signs_are_escaped_as_the_standard_says() {
        let value: Value = serde_json::from_str(r#"{ "b": [1, true, null], "a": "\u001f\n\"\\\u20ac\/" }"#).unwrap();
        assert_eq!(String::from_utf8(bytes(&value)).unwrap(), "{\"a\":\"\\u001f\\n\\\"\\\\€/\",\"b\":[1,true,null]}");
    }
}
