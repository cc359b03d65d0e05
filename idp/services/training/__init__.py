"""What the personnel office does about courses and money, and how a course becomes a line of a plan."""
