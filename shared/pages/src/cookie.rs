//! Cookies: one name each, read only where it stands once, and never within reach of a script or of another site.

use http::{HeaderMap, HeaderValue, header::COOKIE};

/// A cookie of ours. Its name begins with `__Host-`, so that browsers take it from this very host only, with `Secure` and
/// for the whole site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cookie(&'static str);

/// The session: an account's id and a secret.
pub const SESSION: Cookie = Cookie("__Host-session");
/// A browser that has logged in before: a secret.
pub const DEVICE: Cookie = Cookie("__Host-device");
/// The link that was opened from a mail, out of the address: a secret.
pub const LINK: Cookie = Cookie("__Host-link");

impl Cookie {
    /// Its name.
    pub fn name(self) -> &'static str {
        self.0
    }

    /// What it says; nothing if it is there twice, since then one of them isn't ours.
    pub fn read(self, headers: &HeaderMap) -> Option<&str> {
        let mut values = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|text| text.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == self.0)
            .map(|(_, value)| value);
        match (values.next(), values.next()) {
            (Some(value), None) if !value.is_empty() => Some(value),
            _ => None,
        }
    }

    /// The header that sets it for so many seconds.
    pub fn set(self, value: &str, seconds: i64) -> Option<HeaderValue> {
        let name = self.0;
        HeaderValue::try_from(format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}")).ok()
    }

    /// The header that removes it.
    pub fn unset(self) -> Option<HeaderValue> {
        self.set("", 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cookies: &[&'static str]) -> Option<String> {
        let headers = cookies.iter().map(|text| (COOKIE, HeaderValue::from_static(text))).collect();
        SESSION.read(&headers).map(str::to_owned)
    }

    #[test]
    fn the_cookie_that_is_set_is_the_cookie_that_is_read() {
        let set = SESSION.set("abc.def", 60).unwrap();
        let text = set.to_str().unwrap();
        assert!(text.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60"), "{text}");
        let pair = text.split(';').next().unwrap();
        let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(&format!("a=b; {pair}")).unwrap())]);
        assert_eq!(SESSION.read(&headers), Some("abc.def"));
    }

    #[test]
    fn doubtful_cookies_are_none() {
        assert_eq!(read(&[]), None);
        assert_eq!(read(&["__Host-session=a; __Host-session=b"]), None);
        assert_eq!(read(&["__Host-session=a", "__Host-session=a"]), None);
        assert_eq!(read(&["__Host-session="]), None);
        assert_eq!(read(&["session=a"]), None);
    }
}
