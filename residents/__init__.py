"""What residents say to who maps their region: taking part, questions, organisations; and how to reach that person."""
