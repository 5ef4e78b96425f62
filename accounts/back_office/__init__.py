"""What the admin pages of every app share: who may open them, forms, lists, and files that go in and out."""
