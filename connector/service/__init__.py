"""The long-running service: schedule, web and the demo around them."""
