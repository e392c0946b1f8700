given = "platform"
