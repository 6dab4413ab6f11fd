//! How often something may be tried: so many in a window of time, counted by whatever is tried on (an account, an address).
//!
//! Windows are fixed, so that a count is one conditional write; at a window's edge up to twice the limit passes, which the
//! limits allow for.

/// How often something may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// What is counted: its name in keys.
    pub name: &'static str,
    /// How many in a window.
    pub most: u32,
    /// The window, in seconds.
    pub seconds: i64,
}

impl Limit {
    /// The number of the window that a moment (seconds since 1970) falls in.
    pub fn window(&self, now: i64) -> i64 {
        now.div_euclid(self.seconds.max(1))
    }

    /// When the window of a moment ends.
    pub fn ends(&self, now: i64) -> i64 {
        (self.window(now) + 1) * self.seconds.max(1)
    }
}

/// The addresses that one household, office or attacker can change at will share a count: an IPv4 address as it is, an IPv6
/// address by the 64 bits that name its network.
pub fn network(address: &str) -> String {
    match address.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(v4) => v4.to_string(),
        Err(_) => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_begins_where_the_last_one_ends() {
        let limit = Limit { name: "x", most: 3, seconds: 900 };
        assert_eq!((limit.window(899), limit.window(900)), (0, 1));
        assert_eq!((limit.ends(0), limit.ends(899), limit.ends(900)), (900, 900, 1_800));
    }

    #[test]
    fn an_ipv6_network_counts_as_one() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::9"));
        assert_ne!(network("2001:db8:1:2::9"), network("2001:db8:1:3::9"));
        assert_eq!(network("203.0.113.9"), "203.0.113.9");
        assert_eq!(network("nonsense"), "unknown");
    }
}
