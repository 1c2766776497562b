"""The demonstration: an example office whose portfolio went through the services day by day. Everything invented says 示例."""
