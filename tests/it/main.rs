//! The one integration test binary; its folders are named for what a test needs.
