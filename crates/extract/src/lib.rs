//! Bytes to article.
