//! Addresses of networks, hosts and hardware.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use howdah::{Inet, MacAddr, MacAddr8, query};
use proptest::prelude::*;

use super::{check, check_all, refusal, samples};
use crate::shared_db::support::pool;

#[tokio::test]
async fn addresses() {
    let (pool, _database) = pool().await;
    let v4 = (any::<u32>(), 0..=32_u8)
        .prop_map(|(bits, prefix)| (IpAddr::from(Ipv4Addr::from(bits)), prefix));
    let v6 = (any::<u128>(), 0..=128_u8)
        .prop_map(|(bits, prefix)| (IpAddr::from(Ipv6Addr::from(bits)), prefix));
    let values: Vec<Inet> = samples(prop_oneof![v4, v6], 40)
        .into_iter()
        .filter_map(|(addr, prefix)| Inet::new(addr, prefix))
        .chain(
            ["0.0.0.0/0", "255.255.255.255/32", "::/0", "::1/128"]
                .map(|text| text.parse().unwrap()),
        )
        .collect();
    check_all(&pool, "inet", values.iter().copied()).await;
    let networks = [
        "10.0.0.0/8",
        "192.168.1.0/24",
        "0.0.0.0/0",
        "1.2.3.4/32",
        "fe80::/10",
        "::1/128",
    ];
    check_all::<Inet>(&pool, "cidr", networks.map(|text| text.parse().unwrap())).await;
    for value in samples(any::<u128>(), 5) {
        let value = IpAddr::from(Ipv6Addr::from(value));
        check(&pool, "inet", value, &format!("'{value}'")).await;
    }
    check(&pool, "cidr", IpAddr::from([10, 0, 0, 1]), "'10.0.0.1'").await;
}

#[tokio::test]
async fn what_an_address_cannot_hold_is_an_error() {
    let (pool, _database) = pool().await;
    let error = refusal::<IpAddr>(&pool, "inet '10.0.0.1/8'").await;
    assert!(
        error.ends_with("the address has a prefix of 8 bits, `IpAddr` cannot hold it"),
        "{error}"
    );
    let host_bits: Inet = "10.0.0.1/8".parse().unwrap();
    let sent = query("select $1::cidr")
        .bind(host_bits)
        .fetch_one::<howdah::Value<Inet>>(&pool)
        .await;
    let error = sent.unwrap_err().to_string();
    assert!(
        error.ends_with("the address has bits set behind its prefix"),
        "{error}"
    );
}

#[tokio::test]
async fn hardware_addresses() {
    let (pool, _database) = pool().await;
    check_all(
        &pool,
        "macaddr",
        samples(any::<[u8; 6]>(), 10).into_iter().map(MacAddr),
    )
    .await;
    check_all(
        &pool,
        "macaddr8",
        samples(any::<[u8; 8]>(), 10).into_iter().map(MacAddr8),
    )
    .await;
}
