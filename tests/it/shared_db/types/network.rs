//! Addresses of networks, hosts and hardware.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use cidr::{IpCidr, IpInet};
use eui48::MacAddress;
use howdah::{Inet, MacAddr, MacAddr8, Value, query};
use ipnetwork::IpNetwork;
use proptest::prelude::*;

use super::{
    refusal,
    round_trip::{round_trip, told},
    samples,
};
use crate::shared_db::support::pool;

fn addresses() -> impl Iterator<Item = Inet> {
    let v4 = (any::<u32>(), 0..=32_u8)
        .prop_map(|(bits, prefix)| (IpAddr::from(Ipv4Addr::from(bits)), prefix));
    let v6 = (any::<u128>(), 0..=128_u8)
        .prop_map(|(bits, prefix)| (IpAddr::from(Ipv6Addr::from(bits)), prefix));
    let edges = [
        "0.0.0.0/0",
        "255.255.255.255/32",
        "::/0",
        "::1/128",
        "::ffff:1.2.3.4/128",
    ];
    samples(prop_oneof![v4, v6], 30)
        .into_iter()
        .map(|(addr, prefix)| Inet::new(addr, prefix).unwrap())
        .chain(edges.map(|text| text.parse().unwrap()))
}

fn networks() -> impl Iterator<Item = Inet> {
    let networks = [
        "10.0.0.0/8",
        "192.168.1.0/24",
        "0.0.0.0/0",
        "1.2.3.4/32",
        "fe80::/10",
        "::1/128",
        "::/0",
    ];
    networks.into_iter().map(|text| text.parse().unwrap())
}

#[tokio::test]
async fn inet_and_cidr() {
    let (pool, _database) = pool().await;
    round_trip("inet").run(&pool, addresses()).await;
    round_trip("cidr").run(&pool, networks()).await;
    let hosts = samples(any::<u128>(), 5).into_iter();
    let hosts = hosts.map(|bits| IpAddr::from(Ipv6Addr::from(bits)));
    round_trip("inet")
        .run(&pool, hosts.chain([IpAddr::from([10, 0, 0, 1])]))
        .await;
}

#[tokio::test]
async fn networks_of_other_crates() {
    let (pool, _database) = pool().await;
    let values = addresses().map(|inet| IpNetwork::try_from(inet).unwrap());
    round_trip("inet").run(&pool, values).await;
    let values = networks().map(|inet| IpCidr::try_from(inet).unwrap());
    round_trip("cidr").run(&pool, values).await;
    let values = addresses().map(|inet| IpInet::try_from(inet).unwrap());
    told("inet", |inet: &IpInet| format!("{inet:#}"))
        .run(&pool, values)
        .await;
    let error = refusal::<IpCidr>(&pool, "inet '10.0.0.1/8'").await;
    let expected =
        "the address has bits set behind its prefix, `IpCidr` cannot hold it: `howdah::Inet` can";
    assert!(error.ends_with(expected), "{error}");
}

#[tokio::test]
async fn what_an_address_cannot_hold_is_an_error() {
    let (pool, _database) = pool().await;
    let error = refusal::<IpAddr>(&pool, "inet '10.0.0.1/8'").await;
    assert!(
        error.ends_with(
            "the address has a prefix of 8 bits, `IpAddr` cannot hold it: `howdah::Inet` can"
        ),
        "{error}"
    );
    let host_bits: Inet = "10.0.0.1/8".parse().unwrap();
    let sent = query("select $1::cidr").bind(host_bits);
    let error = sent
        .fetch_one::<Value<Inet>>(&pool)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.ends_with("the address has bits set behind its prefix"),
        "{error}"
    );
}

#[tokio::test]
async fn hardware_addresses() {
    let (pool, _database) = pool().await;
    let values = samples(any::<[u8; 6]>(), 10).into_iter().map(MacAddr);
    round_trip("macaddr").run(&pool, values.clone()).await;
    let values = values.map(MacAddress::from);
    round_trip("macaddr").run(&pool, values).await;
    let values = samples(any::<[u8; 8]>(), 10).into_iter().map(MacAddr8);
    round_trip("macaddr8").run(&pool, values).await;
}
